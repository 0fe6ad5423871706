package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Doubt about the likeliest token: 1 - max p, p = softmax(z).
 *
 * <p>Dimensionless, in [0, 1). Direction: high = even the likeliest token is unlikely.
 */
public final class MaxProbability {
  private MaxProbability() {}

  /**
   * 1 - max p of one row of logits.
   *
   * @param logits [vocab], the logits that select the token
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    double[] p = Softmax.of(NonFiniteException.requireFiniteLogits(logits, step));
    int likeliest = 0;
    for (int i = 1; i < p.length; i++) {
      likeliest = p[i] > p[likeliest] ? i : likeliest;
    }
    double others = 0;
    for (int i = 0; i < p.length; i++) {
      // Summed instead of 1 - max p, which has no digits left for a confident row.
      others += i == likeliest ? 0 : p[i];
    }
    return others;
  }

  /** In the graph, float32 [B]. */
  static MlxArray of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    return ops.divide(p.unlikely(step), p.total(step));
  }
}
