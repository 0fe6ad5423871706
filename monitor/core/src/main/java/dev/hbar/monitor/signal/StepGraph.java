package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.List;

/** What the signals of one step are made of in its graph; shared parts are made once. */
final class StepGraph {
  private final MlxScope step;
  private final TokenDistribution distribution;
  private final MlxArray directions;
  private final List<Integer> watched;
  private final MlxArray drifts;
  private MlxArray total;
  private TokenDistribution.Likeliest likeliest;

  /**
   * Of one step.
   *
   * @param directions x_i = h_i / |h_i| of every block, float32 [B, layers, hidden]
   * @param watched blocks whose drift is measured, the last block's at the end
   * @param drifts 1 - cos of their states, float32 [B, watched]
   */
  StepGraph(
      MlxScope step,
      TokenDistribution distribution,
      MlxArray directions,
      List<Integer> watched,
      MlxArray drifts) {
    this.step = step;
    this.distribution = distribution;
    this.directions = directions;
    this.watched = watched;
    this.drifts = drifts;
  }

  MlxScope step() {
    return step;
  }

  MlxOps ops() {
    return step.ops();
  }

  MlxArray scalar(float value) {
    return step.scalar(value, DType.FLOAT32);
  }

  TokenDistribution distribution() {
    return distribution;
  }

  MlxArray directions() {
    return directions;
  }

  /** The sum of each row [B, V] over the vocabulary, [B]. */
  MlxArray sum(MlxArray rows) {
    return VocabularySum.of(step, rows);
  }

  /** The sum of the weights, [B]. */
  MlxArray total() {
    if (total == null) {
      total = distribution.total(step);
    }
    return total;
  }

  TokenDistribution.Likeliest likeliest() {
    if (likeliest == null) {
      likeliest = TokenDistribution.Likeliest.of(step, distribution);
    }
    return likeliest;
  }

  /** The drift of a watched block, [B]. */
  MlxArray drift(int block) {
    return driftAt(watched.indexOf(block));
  }

  /** The drift of the last block, [B]. */
  MlxArray lastDrift() {
    return driftAt(watched.size() - 1);
  }

  private MlxArray driftAt(int place) {
    MlxOps ops = step.ops();
    int rows = drifts.dim(0);
    return watched.size() == 1
        ? ops.reshape(drifts, rows)
        : ops.reshape(ops.slice(drifts, new int[] {0, place}, new int[] {rows, place + 1}), rows);
  }
}
