package dev.hbar.study.statistics;

import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/** How many labelled samples a question needs, asked before any is labelled. */
public final class SampleSize {
  private static final NormalDistribution NORMAL = new NormalDistribution();
  private static final int MOST = 100_000;

  private SampleSize() {}

  /**
   * Kept answers until {@link Promise} holds at one threshold: the smallest n with {@code P(K <= k)
   * >= power}, K binomial of n and {@code wrong}, k the most wrong ones of n that still prove the
   * bound, {@code P(B <= k) <= 1 - confidence} for B binomial of n and {@code mostWrong}; at least
   * as many as {@link Promise} looks at.
   *
   * @param mostWrong the bound to be promised, alpha
   * @param confidence 1 - delta
   * @param wrong share of wrong answers that is expected among the kept, below the bound
   * @param power chance that the promise can be made
   * @throws IllegalArgumentException for a number out of its range, or if a hundred thousand do not
   *     do
   */
  public static int kept(double mostWrong, double confidence, double wrong, double power) {
    requireShare("the promised share", mostWrong);
    requireShare("the confidence", confidence);
    requireShare("the power", power);
    if (!(wrong >= 0 && wrong < mostWrong)) {
      throw new IllegalArgumentException(
          "the expected share of wrong answers must be below the promised one");
    }
    int proving = -1;
    for (int n = Promise.least(mostWrong, confidence); n <= MOST; n++) {
      while (Promise.holds(proving + 1, n, mostWrong, confidence)) {
        proving++;
      }
      if (new BinomialDistribution(n, wrong).cumulativeProbability(proving) >= power) {
        return n;
      }
    }
    throw new IllegalArgumentException("more than " + MOST + " answers would be needed");
  }

  /**
   * Records with one right and one wrong answer each until a difference of two AUROCs on the same
   * answers is seen: the smallest n with {@code difference >= (z(1 - significance / 2) + z(power))
   * se(n)}, se squared = {@code v1 + v2 - 2 r sqrt(v1 v2)}, v the variance of each by Hanley and
   * McNeil (1982, 1983).
   *
   * @param auroc of the baseline
   * @param difference above it, positive; both together at most 1
   * @param correlation of the two AUROCs, r
   * @param significance two-sided, for instance 0.05
   * @param power chance to see it
   * @throws IllegalArgumentException for a number out of its range, or if a hundred thousand do not
   *     do
   */
  public static int records(
      double auroc, double difference, double correlation, double significance, double power) {
    requireShare("the significance", significance);
    requireShare("the power", power);
    if (!(auroc >= 0.5 && difference > 0 && auroc + difference <= 1)) {
      throw new IllegalArgumentException(
          "the AUROC must be at least 0.5, and with the difference at most 1");
    }
    if (!(correlation >= 0 && correlation < 1)) {
      throw new IllegalArgumentException("the correlation must be at least 0 and below 1");
    }
    double wanted =
        difference
            / (NORMAL.inverseCumulativeProbability(1 - significance / 2)
                + NORMAL.inverseCumulativeProbability(power));
    int low = 1;
    int high = MOST;
    while (low < high) {
      int middle = low + (high - low) / 2;
      if (error(auroc, auroc + difference, correlation, middle) <= wanted) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low == MOST) {
      throw new IllegalArgumentException("more than " + MOST + " records would be needed");
    }
    return low;
  }

  /**
   * Standard error of the difference of two AUROCs over so many right and so many wrong answers.
   */
  static double error(double first, double second, double correlation, int n) {
    double one = variance(first, n);
    double other = variance(second, n);
    return Math.sqrt(one + other - 2 * correlation * Math.sqrt(one * other));
  }

  /** Hanley and McNeil (1982): exponential scores. */
  private static double variance(double auroc, int n) {
    double square = auroc * auroc;
    double twoWrong = auroc / (2 - auroc) - square;
    double twoRight = 2 * square / (1 + auroc) - square;
    return (auroc * (1 - auroc) + (n - 1.0) * (twoWrong + twoRight)) / ((double) n * n);
  }

  private static void requireShare(String name, double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(name + " must lie between 0 and 1");
    }
  }
}
