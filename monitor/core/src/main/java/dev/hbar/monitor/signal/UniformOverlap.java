package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Overlap (Bhattacharyya coefficient) of the flattened next-token distribution with the uniform
 * one: B = sum sqrt(q / V), q = softmax(z / {@value #TEMPERATURE}).
 *
 * <p>Dimensionless, in [1 / sqrt(V), 1]. No signal of its own: {@link RenyiDivergence} and {@link
 * FisherRaoDistance} are functions of it, so it is what the graph computes for both.
 */
public final class UniformOverlap {
  /** Temperature of the published estimators. */
  public static final int TEMPERATURE = 2;

  private UniformOverlap() {}

  /**
   * Overlap of one row of logits.
   *
   * @param logits [vocab], the logits that select the token
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    NonFiniteException.requireFiniteLogits(logits, step);
    float[] flattened = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      flattened[i] = logits[i] / TEMPERATURE;
    }
    double overlap = 0;
    for (double q : Softmax.of(flattened)) {
      overlap += Math.sqrt(q / logits.length);
    }
    return overlap;
  }

  /** In the graph, float32 [B]: sqrt(q) is exp((z - max z) / 4) over the root of its squares. */
  static MlxArray of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    MlxArray roots = VocabularySum.of(step, p.quarters());
    MlxArray squares = VocabularySum.of(step, ops.square(p.quarters()));
    MlxArray vocabulary = step.scalar((float) p.quarters().dim(-1), DType.FLOAT32);
    return ops.multiply(roots, ops.rsqrt(ops.multiply(squares, vocabulary)));
  }
}
