package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * delta_mu = 1 / sqrt(I_cat + {@value #GINI_EPSILON}), where I_cat = 1 - sum p^2 is the Gini
 * impurity of the next-token distribution p = softmax(z).
 *
 * <p>Dimensionless, in (0.99, 10]. Direction: high = the distribution is concentrated (10 for a
 * one-hot distribution), low = it is spread.
 */
public final class DeltaMu {
  /** Added to the impurity so that a one-hot distribution gives 10, not infinity. */
  public static final double GINI_EPSILON = 1e-2;

  private DeltaMu() {}

  /**
   * delta_mu of one row of logits.
   *
   * @param logits [vocab], the logits that select the token
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int step) {
    double squares = 0;
    for (double p : Softmax.of(NonFiniteException.requireFiniteLogits(logits, step))) {
      squares += p * p;
    }
    return ofImpurity(1 - squares);
  }

  /** delta_mu of a Gini impurity in [0, 1). */
  public static double ofImpurity(double impurity) {
    // Rounding can leave 1 - sum p^2 a few ulp below zero for a one-hot row.
    return 1 / Math.sqrt(Math.max(0, impurity) + GINI_EPSILON);
  }

  /** In the graph, float32 [B]. */
  static MlxArray of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    // Rounding may leave the impurity of a one-hot row below zero.
    MlxArray floored = ops.maximum(impurity(step, p), step.scalar(0f, DType.FLOAT32));
    return ops.rsqrt(ops.add(floored, step.scalar((float) GINI_EPSILON, DType.FLOAT32)));
  }

  /**
   * 1 - sum p^2 = (o (2 c + o) - sum of the others' squares) / (c + o)^2 for the chosen c and the
   * others' sum o: for a confident model it does not subtract two numbers near 1.
   */
  private static MlxArray impurity(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    MlxArray otherSquares = VocabularySum.of(step, ops.square(p.rest()));
    MlxArray all = p.total(step);
    MlxArray crossed = ops.multiply(p.others(), ops.add(p.chosen(), all));
    return ops.divide(ops.subtract(crossed, otherSquares), ops.square(all));
  }
}
