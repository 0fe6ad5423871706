package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;

/**
 * Margin between the two likeliest tokens, negated: p2 - p1, p = softmax(z) in descending order.
 *
 * <p>Dimensionless, in (-1, 0]. Direction: high (near 0) = a second token is as likely as the
 * first. uqlm reports p1 - p2 as probability_margin.
 */
public final class ProbabilityMargin {
  private ProbabilityMargin() {}

  /**
   * p2 - p1 of one row of logits.
   *
   * @param logits [vocab], at least two
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    double[] p = Softmax.of(NonFiniteException.requireFiniteLogits(logits, step));
    Arrays.sort(p);
    return p[p.length - 2] - p[p.length - 1];
  }

  /** In the graph, float32 [B]. */
  static MlxArray of(MlxScope step, LikeliestTokens likeliest) {
    MlxOps ops = step.ops();
    MlxArray two = likeliest.last(step, 2);
    return ops.subtract(ops.min(two, -1, false), ops.max(two, -1, false));
  }
}
