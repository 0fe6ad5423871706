package dev.hbar.study.parity;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.CausalLm;
import dev.hbar.study.StudyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compares the states of the prompt's pass with those of a reference: of the model as it is, where
 * errors add up from block to block, or of every block in isolation. Owner thread.
 */
final class PromptComparison {
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();
  private static final Set<BlockPart> MLP =
      Set.of(
          BlockPart.EXPERTS,
          BlockPart.EXPERT_WEIGHTS,
          BlockPart.GATE,
          BlockPart.UP,
          BlockPart.MLP_OUTPUT);

  private final CausalLm model;
  private final ReferenceFile reference;
  private final int[] prompt;
  private final CapturePoint last;

  PromptComparison(CausalLm model, ReferenceFile reference, int[] prompt) {
    this.model = model;
    this.reference = reference;
    this.prompt = prompt;
    this.last = new CapturePoint.BlockOutput(model.layers() - 1);
  }

  /**
   * What the pass shows.
   *
   * @param absent points of the reference that the model does not compute
   * @param normedLast whether the reference's last block output is a normed state; then it is not
   *     among the points
   */
  record Result(List<ErrorProfile.Measured> points, List<String> absent, boolean normedLast) {}

  /** Compares these points in the model as it is. */
  Result run(List<Comparer.PointPair> pairs) {
    Set<CapturePoint> points = new LinkedHashSet<>(List.of(FINAL_NORM));
    pairs.forEach(pair -> points.add(pair.ours()));
    CaptureRequest request = new CaptureRequest(points, reference.span());
    return new PromptPass(model)
        .run(
            prompt, request, step -> Map.of(), (step, captured) -> measured(step, captured, pairs));
  }

  private Result measured(MlxScope step, Captured captured, List<Comparer.PointPair> pairs) {
    List<ErrorProfile.Measured> points = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    boolean normedLast = false;
    for (Comparer.PointPair pair : pairs) {
      if (!captured.states().containsKey(pair.ours())) {
        absent.add(pair.label());
        continue;
      }
      ErrorStatistics error = error(step, captured, pair.ours(), pair.theirs());
      boolean normed =
          pair.equals(Comparer.PointPair.same(last)) && isNormed(step, captured, error);
      normedLast |= normed;
      if (!normed) {
        points.add(new ErrorProfile.Measured(pair, error));
      }
    }
    return new Result(points, absent, normedLast);
  }

  /**
   * Whether the reference's last block output is really the state after the final norm: that is
   * what transformers returns as its last hidden state, and it looks like an error in the last
   * block.
   */
  private boolean isNormed(MlxScope step, Captured captured, ErrorStatistics toRaw) {
    ErrorStatistics toNormed =
        reference.has(FINAL_NORM)
            ? ErrorStatistics.of(
                reference.floats(last),
                reference.floats(FINAL_NORM),
                reference.shape(last),
                last.positionAxis())
            : error(step, captured, FINAL_NORM, last);
    return toNormed.matchesUnlike(toRaw);
  }

  private ErrorStatistics error(
      MlxScope step, Captured captured, CapturePoint ours, CapturePoint theirs) {
    return reference.error(
        PromptPass.read(step, ours, captured.get(ours), captured.span()), theirs);
  }

  /**
   * Compares every block on the reference's own input, so that a wrong block cannot hide behind the
   * errors before it; the MLP also on the reference's attention output, the final norm on its last
   * block output, and the head on its normed state.
   *
   * @param normedLast whether the reference's last block output is a normed state
   * @throws StudyException if the reference lacks a block's input at all positions
   */
  List<ErrorProfile.Measured> runIsolated(boolean normedLast) {
    requireInputs();
    List<CapturePoint> given = new ArrayList<>();
    List<CapturePoint> attended = new ArrayList<>();
    for (int block = 0; block < model.layers(); block++) {
      given.add(input(block));
      CapturePoint attention = new CapturePoint.InBlock(block, BlockPart.ATTENTION_OUTPUT);
      if (reference.has(attention)) {
        attended.add(attention);
      }
    }
    if (reference.has(last) && !normedLast) {
      given.add(last);
    }
    if (reference.has(FINAL_NORM)) {
      given.add(FINAL_NORM);
    }
    // Two passes: the blocks on the reference's inputs, then the MLPs on its attention outputs.
    List<ErrorProfile.Measured> measured = new ArrayList<>(isolated(given, false, normedLast));
    if (!attended.isEmpty()) {
      attended.addAll(given);
      measured.addAll(isolated(attended, true, normedLast));
    }
    measured.sort((a, b) -> CapturePoints.ORDER.compare(a.pair().ours(), b.pair().ours()));
    return measured;
  }

  private void requireInputs() {
    for (int block = 0; block < model.layers(); block++) {
      if (reference.span() != Span.ALL || !reference.has(input(block))) {
        String ids =
            Arrays.stream(prompt).mapToObj(String::valueOf).collect(Collectors.joining(","));
        throw reference.problem(
            "--isolate needs all positions of " + input(block).label(),
            "make it with scripts/reference.py CHECKPOINT --prompt-ids %s --positions all --points 'embedding,block.*.*,final_norm,logits' --out FILE"
                .formatted(ids));
      }
    }
  }

  private static CapturePoint input(int block) {
    return new CapturePoint.InBlock(block, BlockPart.INPUT);
  }

  /**
   * One pass in which the given states are replaced by the reference's.
   *
   * @param mlp whether to read the parts of the MLPs, or everything else
   */
  private List<ErrorProfile.Measured> isolated(
      List<CapturePoint> given, boolean mlp, boolean normedLast) {
    Set<CapturePoint> wanted =
        reference.points().stream()
            .filter(point -> isRead(point, mlp, normedLast))
            .collect(Collectors.toSet());
    return new PromptPass(model)
        .run(
            prompt,
            new CaptureRequest(wanted, Span.ALL),
            step -> replacements(step, given),
            (step, captured) ->
                captured.states().keySet().stream()
                    .map(point -> measured(step, captured, point))
                    .toList());
  }

  private ErrorProfile.Measured measured(MlxScope step, Captured captured, CapturePoint point) {
    return new ErrorProfile.Measured(
        Comparer.PointPair.same(point), error(step, captured, point, point));
  }

  private boolean isRead(CapturePoint point, boolean mlp, boolean normedLast) {
    return switch (point) {
      case CapturePoint.InBlock in ->
          in.part() != BlockPart.INPUT && MLP.contains(in.part()) == mlp;
      case CapturePoint.BlockOutput output -> !mlp && !(normedLast && output.equals(last));
      case CapturePoint.FinalNorm norm -> !mlp && !normedLast;
      default -> !mlp;
    };
  }

  private Map<CapturePoint, MlxArray> replacements(MlxScope step, List<CapturePoint> given) {
    Map<CapturePoint, MlxArray> replacements = new HashMap<>();
    for (CapturePoint point : given) {
      MlxArray state = step.ops().astype(reference.load(step, point), model.dtype());
      replacements.put(point, state);
    }
    return replacements;
  }
}
