package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/** What a step's graph is reduced to. */
final class StepGraph {
  private final MlxScope step;
  private final MlxArray logits;
  private final SoftmaxSums softmax;
  private final MlxArray directions;
  private final MlxArray drifts;

  /**
   * Of one step.
   *
   * @param logits float32 [B, V]
   * @param tokens chosen ones, int32 or uint32 [B]
   * @param directions x_i = h_i / |h_i| of every block, float32 [B, layers, hidden]
   * @param drifts {@link Reduction#DRIFTS}, float32 [B, watched]
   */
  StepGraph(MlxScope step, MlxArray logits, MlxArray tokens, MlxArray directions, MlxArray drifts) {
    this.step = step;
    this.logits = logits;
    this.softmax = SoftmaxSums.of(step, logits, tokens);
    this.directions = directions;
    this.drifts = drifts;
  }

  /** Adds it to the graph, float32 [B, n]; each once. */
  MlxArray reduced(Reduction to) {
    return switch (to) {
      case CHOSEN -> softmax.chosen();
      case SQUARES -> softmax.squares();
      case SUMS -> softmax.sums();
      case LIKELIEST -> TopLogits.of(step, logits);
      case SPREAD -> spread();
      case DRIFTS -> drifts;
    };
  }

  private MlxArray spread() {
    MlxOps ops = step.ops();
    MlxArray centred = ops.subtract(directions, ops.mean(directions, 1, true));
    return ops.mean(ops.sum(ops.square(centred), -1, false), -1, true);
  }
}
