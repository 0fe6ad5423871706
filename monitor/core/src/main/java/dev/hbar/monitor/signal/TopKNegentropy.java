package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;

/**
 * Negentropy of the {@value #K} likeliest tokens, negated: H(r) / ln k - 1, where r are their
 * probabilities divided by their sum and k is their number.
 *
 * <p>Dimensionless, in [-1, 0]. Direction: high (near 0) = they are equally likely. uqlm reports 1
 * - H(r) / ln k as token negentropy.
 */
public final class TopKNegentropy {
  /** Number of tokens; all, if the vocabulary is smaller. */
  public static final int K = 15;

  private TopKNegentropy() {}

  /**
   * Negated negentropy of one row of logits.
   *
   * @param logits [vocab], at least two
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    double[] p = Softmax.of(NonFiniteException.requireFiniteLogits(logits, step));
    Arrays.sort(p);
    double[] top = Arrays.copyOfRange(p, Math.max(0, p.length - K), p.length);
    double sum = Arrays.stream(top).sum();
    double entropy = 0;
    for (double each : top) {
      entropy -= each > 0 ? each / sum * Math.log(each / sum) : 0;
    }
    return entropy / Math.log(top.length) - 1;
  }

  /** In the graph, float32 [B]. */
  static MlxArray of(MlxScope step, LikeliestTokens likeliest) {
    MlxOps ops = step.ops();
    MlxArray top = likeliest.last(step, Math.min(K, likeliest.count()));
    MlxArray r = ops.divide(top, ops.sum(top, -1, true));
    // An underflowed token would be 0 ln 0 = NaN; this makes it 0.
    MlxArray logs = ops.log(ops.maximum(r, step.scalar(Float.MIN_NORMAL, DType.FLOAT32)));
    MlxArray scale = step.scalar((float) (-1 / Math.log(top.dim(1))), DType.FLOAT32);
    MlxArray share = ops.multiply(ops.sum(ops.multiply(r, logs), -1, false), scale);
    return ops.subtract(share, step.scalar(1f, DType.FLOAT32));
  }
}
