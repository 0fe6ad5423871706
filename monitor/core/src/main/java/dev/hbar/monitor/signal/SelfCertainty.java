package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Self-certainty, negated: -KL(uniform || p) = mean_v ln p_v + ln V, p = softmax(z).
 *
 * <p>In nats, at most 0. Direction: high (near 0) = close to uniform. It weighs every token of the
 * vocabulary alike, so the unlikely ones decide it.
 */
public final class SelfCertainty {
  private SelfCertainty() {}

  /**
   * Negated self-certainty of one row of logits.
   *
   * @param logits [vocab], the logits that select the token
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    NonFiniteException.requireFiniteLogits(logits, step);
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (float z : logits) {
      max = Math.max(max, z);
      sum += z;
    }
    double total = 0;
    for (float z : logits) {
      total += Math.exp(z - max);
    }
    return sum / logits.length - max - Math.log(total) + Math.log(logits.length);
  }

  /** In the graph, float32 [B]. */
  static MlxArray of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    float logVocabulary = (float) Math.log(p.shifted().dim(-1));
    MlxArray mean = ops.mean(p.shifted(), -1, false);
    MlxArray logProbability = ops.subtract(mean, ops.log1p(p.unlikely(step)));
    return ops.add(logProbability, step.scalar(logVocabulary, DType.FLOAT32));
  }
}
