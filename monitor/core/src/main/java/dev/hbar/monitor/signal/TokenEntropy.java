package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Entropy of the next-token distribution: H = - sum p ln p, p = softmax(z).
 *
 * <p>In nats, in [0, ln V]. Direction: high = the model is undecided.
 */
public final class TokenEntropy {
  private TokenEntropy() {}

  /**
   * Entropy of one row of logits.
   *
   * @param logits [vocab], the logits that select the token
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    double entropy = 0;
    for (double p : Softmax.of(NonFiniteException.requireFiniteLogits(logits, step))) {
      // The limit of p ln p at 0 is 0; in floating point it would be NaN.
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    return entropy;
  }

  /**
   * In the graph, float32 [B]: ln total - sum e (z - max z) / total. Both terms are positive, and
   * the first is taken as ln(1 + all but the likeliest), so a confident row keeps its digits.
   */
  static MlxArray of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    MlxArray weighted = VocabularySum.of(step, ops.multiply(p.weights(), p.shifted()));
    return ops.subtract(ops.log1p(p.unlikely(step)), ops.divide(weighted, p.total(step)));
  }
}
