package dev.hbar.study.statistics;

import org.hipparchus.stat.interval.BinomialProportion;
import org.hipparchus.stat.interval.ConfidenceInterval;

/** A 95 % confidence interval, low at most high. */
public record Interval(double low, double high) {
  private static final double LEVEL = 0.95;

  /**
   * Wilson's score interval of a binomial proportion.
   *
   * @param trials at least one
   * @param share of them that succeeded, in [0, 1]
   */
  public static Interval wilson(int trials, double share) {
    ConfidenceInterval wilson = BinomialProportion.getWilsonScoreInterval(trials, share, LEVEL);
    return new Interval(wilson.getLowerBound(), wilson.getUpperBound());
  }
}
