package dev.hbar.study.parity;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.CausalLm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every block on the reference's own input, so that one wrong block cannot hide behind the errors
 * before it; the MLP also behind the reference's attention output, the final norm on the
 * reference's last block output, the head on its normed state. Owner thread.
 */
final class Isolation {
  private static final Set<BlockPart> MLP =
      Set.of(
          BlockPart.EXPERTS,
          BlockPart.EXPERT_WEIGHTS,
          BlockPart.GATE,
          BlockPart.UP,
          BlockPart.MLP_OUTPUT);
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();

  private final CausalLm model;
  private final ReferenceFile reference;
  private final int[] prompt;
  private final boolean normedLast;

  /**
   * @param normedLast whether the reference's last block output is a normed state
   * @throws CompareException if the reference lacks a block's input at all positions
   */
  Isolation(CausalLm model, ReferenceFile reference, int[] prompt, boolean normedLast) {
    this.model = model;
    this.reference = reference;
    this.prompt = prompt;
    this.normedLast = normedLast;
    for (int block = 0; block < model.layers(); block++) {
      if (reference.span() != Span.ALL || !reference.has(input(block))) {
        throw reference.problem(
            "--isolate needs all positions of " + input(block).label(),
            "make it with scripts/reference.py CHECKPOINT --prompt-ids %s --positions all --points 'embedding,block.*.*,final_norm,logits' --out FILE"
                .formatted(ids()));
      }
    }
  }

  private String ids() {
    return Arrays.stream(prompt).mapToObj(String::valueOf).collect(Collectors.joining(","));
  }

  private static CapturePoint input(int block) {
    return new CapturePoint.InBlock(block, BlockPart.INPUT);
  }

  private static CapturePoint attentionOutput(int block) {
    return new CapturePoint.InBlock(block, BlockPart.ATTENTION_OUTPUT);
  }

  /** Two passes: the blocks on the reference's inputs, then the MLPs on its attention outputs. */
  List<Section.Measured> run() {
    CapturePoint last = new CapturePoint.BlockOutput(model.layers() - 1);
    List<CapturePoint> given = new ArrayList<>();
    List<CapturePoint> attended = new ArrayList<>();
    for (int block = 0; block < model.layers(); block++) {
      given.add(input(block));
      if (reference.has(attentionOutput(block))) {
        attended.add(attentionOutput(block));
      }
    }
    if (reference.has(last) && !normedLast) {
      given.add(last);
    }
    if (reference.has(FINAL_NORM)) {
      given.add(FINAL_NORM);
    }
    List<Section.Measured> measured = new ArrayList<>(pass(given, false));
    if (!attended.isEmpty()) {
      attended.addAll(given);
      measured.addAll(pass(attended, true));
    }
    measured.sort((a, b) -> CapturePoints.ORDER.compare(a.pair().ours(), b.pair().ours()));
    return measured;
  }

  /** One pass with replacements; what is read are the parts of the MLP, or everything else. */
  private List<Section.Measured> pass(List<CapturePoint> given, boolean mlp) {
    Set<CapturePoint> wanted =
        reference.points().stream().filter(point -> isRead(point, mlp)).collect(Collectors.toSet());
    CaptureRequest request = new CaptureRequest(wanted, Span.ALL);
    PointErrors errors = new PointErrors(reference);
    return new PromptPass(model)
        .run(
            prompt,
            request,
            step -> replacements(step, given),
            (step, captured) ->
                captured.states().keySet().stream()
                    .map(PointPair::same)
                    .map(pair -> new Section.Measured(pair, errors.at(step, captured, pair)))
                    .toList());
  }

  private boolean isRead(CapturePoint point, boolean mlp) {
    return switch (point) {
      case CapturePoint.InBlock in ->
          in.part() != BlockPart.INPUT && MLP.contains(in.part()) == mlp;
      case CapturePoint.BlockOutput output ->
          !mlp && !(normedLast && output.index() == model.layers() - 1);
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
