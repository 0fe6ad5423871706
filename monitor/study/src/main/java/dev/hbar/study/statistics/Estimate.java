package dev.hbar.study.statistics;

import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * An estimated quantity with what is known about its error.
 *
 * @param value the estimate
 * @param standardError 0 where the samples say nothing about it (complete separation, a single
 *     record, a constant)
 * @param freedom degrees of freedom of Student's t
 * @param p two-sided, that the quantity is what it is compared with
 * @param interval 95 %, Student's t; empty without a standard error
 */
public record Estimate(
    double value, double standardError, double freedom, double p, Optional<Interval> interval) {
  private static final double TAIL = 0.975;

  /** An estimate whose p is Student's. */
  static Estimate of(double value, double distance, double standardError, double freedom) {
    double p =
        2 * new TDistribution(freedom).cumulativeProbability(-Math.abs(distance) / standardError);
    double reach = quantile(freedom, TAIL) * standardError;
    return new Estimate(
        value, standardError, freedom, p, Optional.of(new Interval(value - reach, value + reach)));
  }

  /** An estimate without a standard error. */
  static Estimate without(double value, double p) {
    return new Estimate(value, 0, 0, p, Optional.empty());
  }

  /** The same, with the value and its interval moved. */
  Estimate moved(double by) {
    return new Estimate(
        value + by,
        standardError,
        freedom,
        p,
        interval.map(i -> new Interval(Math.max(0, i.low() + by), Math.min(1, i.high() + by))));
  }

  /** How far the value may lie from the quantity, one-sided, at this level. */
  public double reach(double level) {
    return standardError > 0 ? quantile(freedom, level) * standardError : Double.POSITIVE_INFINITY;
  }

  private static double quantile(double freedom, double level) {
    return new TDistribution(freedom).inverseCumulativeProbability(level);
  }
}
