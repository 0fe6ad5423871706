package dev.hbar.signal;

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
}
