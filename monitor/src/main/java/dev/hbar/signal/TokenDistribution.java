package dev.hbar.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * What the signals need of p = softmax(z), from one pass of the exponential over the vocabulary,
 * which is the dearest operation there is on a CPU (see {@link dev.hbar.layer.Silu}).
 *
 * @param deltaMu float32 [B], see {@link DeltaMu}
 * @param surprise float32 [B], nats, see {@link Surprise}
 */
record TokenDistribution(MlxArray deltaMu, MlxArray surprise) {
  private static final float LOG2_E = (float) (1 / Math.log(2));

  /**
   * Adds the graph for logits float32 [B, V] and chosen tokens int32 [B].
   *
   * <p>The chosen token is kept apart from the others: near p = 1, -ln p loses every digit, while
   * ln(1 + sum of the others / chosen) keeps them.
   */
  static TokenDistribution of(MlxScope step, MlxArray logits, MlxArray tokens) {
    MlxOps ops = step.ops();
    MlxArray column = ops.expandDims(tokens, 1);
    MlxArray zero = step.floats(new float[1], 1, 1);
    MlxArray e = exponentials(step, logits);
    MlxArray chosen = ops.squeeze(ops.takeAlongAxis(e, column, 1), 1);
    MlxArray rest = ops.putAlongAxis(e, column, zero, 1);
    MlxArray others = ops.sum(rest, -1, false);
    MlxArray otherSquares = ops.sum(ops.square(rest), -1, false);
    return new TokenDistribution(
        deltaMu(step, impurity(step, chosen, others, otherSquares)),
        surprise(step, ops.divide(others, chosen)));
  }

  /**
   * 1 - sum p^2 = (o (2 c + o) - sum of the others' squares) / (c + o)^2 for the chosen c and the
   * others' sum o: for a confident model it does not subtract two numbers near 1.
   */
  private static MlxArray impurity(
      MlxScope step, MlxArray chosen, MlxArray others, MlxArray otherSquares) {
    MlxOps ops = step.ops();
    MlxArray all = ops.add(chosen, others);
    MlxArray crossed = ops.multiply(others, ops.add(chosen, all));
    return ops.divide(ops.subtract(crossed, otherSquares), ops.square(all));
  }

  /** exp(z - max z) as a power of two. */
  private static MlxArray exponentials(MlxScope step, MlxArray logits) {
    MlxOps ops = step.ops();
    MlxArray shifted = ops.subtract(logits, ops.max(logits, -1, true));
    MlxArray exponent = ops.multiply(shifted, step.scalar(LOG2_E, DType.FLOAT32));
    return ops.power(step.scalar(2f, DType.FLOAT32), exponent);
  }

  /** 1 / sqrt(impurity + eps); rounding may leave the impurity of a one-hot row below zero. */
  private static MlxArray deltaMu(MlxScope step, MlxArray impurity) {
    MlxOps ops = step.ops();
    MlxArray floored = ops.maximum(impurity, step.scalar(0f, DType.FLOAT32));
    MlxArray eps = step.scalar((float) DeltaMu.GINI_EPSILON, DType.FLOAT32);
    return ops.rsqrt(ops.add(floored, eps));
  }

  /** ln(1 + others/chosen); a chosen token that underflowed to 0 ends at the ceiling. */
  private static MlxArray surprise(MlxScope step, MlxArray ratio) {
    MlxOps ops = step.ops();
    MlxArray ceiling = step.scalar((float) Surprise.MAX, DType.FLOAT32);
    return ops.minimum(ops.log1p(ratio), ceiling);
  }
}
