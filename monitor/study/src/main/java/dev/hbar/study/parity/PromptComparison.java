package dev.hbar.study.parity;

import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.family.CausalLm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Named states of the prompt's pass against those of a reference. Owner thread. */
final class PromptComparison {
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();

  private final CausalLm model;
  private final ReferenceFile reference;
  private final int[] prompt;
  private final List<PointPair> pairs;
  private final PointErrors errors;

  PromptComparison(CausalLm model, ReferenceFile reference, int[] prompt, List<PointPair> pairs) {
    this.model = model;
    this.reference = reference;
    this.prompt = prompt;
    this.pairs = pairs;
    this.errors = new PointErrors(reference);
  }

  /**
   * What the pass gave.
   *
   * @param absent points of the reference that the model does not compute
   * @param normedLast whether the reference's last block output is a normed state; then it is not
   *     among the points
   */
  record Result(List<Section.Measured> points, List<String> absent, boolean normedLast) {}

  /** The model as it is: errors add up from block to block. */
  Result run() {
    Set<CapturePoint> points = new LinkedHashSet<>(List.of(FINAL_NORM));
    pairs.forEach(pair -> points.add(pair.ours()));
    CaptureRequest request = new CaptureRequest(points, reference.span());
    return new PromptPass(model).run(prompt, request, step -> Map.of(), this::measured);
  }

  private Result measured(MlxScope step, Captured captured) {
    List<Section.Measured> points = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    boolean normedLast = false;
    for (PointPair pair : pairs) {
      if (!captured.states().containsKey(pair.ours())) {
        absent.add(pair.label());
        continue;
      }
      ErrorStatistics error = errors.at(step, captured, pair);
      CapturePoint last = new CapturePoint.BlockOutput(model.layers() - 1);
      boolean normed = pair.equals(PointPair.same(last)) && isNormed(step, captured, error);
      normedLast |= normed;
      if (!normed) {
        points.add(new Section.Measured(pair, error));
      }
    }
    return new Result(points, absent, normedLast);
  }

  private boolean isNormed(MlxScope step, Captured captured, ErrorStatistics toRaw) {
    CapturePoint last = new CapturePoint.BlockOutput(model.layers() - 1);
    ErrorStatistics toNormed =
        reference.has(FINAL_NORM)
            ? ErrorStatistics.of(
                reference.floats(last),
                reference.floats(FINAL_NORM),
                reference.shape(last),
                last.positionAxis())
            : errors.between(step, captured, FINAL_NORM, last);
    return NormedLastBlock.is(toRaw, toNormed);
  }
}
