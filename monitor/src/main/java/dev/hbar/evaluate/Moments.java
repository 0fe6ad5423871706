package dev.hbar.evaluate;

import org.hipparchus.stat.StatUtils;

/**
 * Count, mean and standard deviation of one group.
 *
 * @param count number of values
 * @param mean NaN for an empty group
 * @param sd population standard deviation (divided by n, as NumPy's default); NaN for an empty
 *     group
 */
public record Moments(int count, double mean, double sd) {
  /** Moments of these values. */
  public static Moments of(double[] values) {
    return new Moments(
        values.length, StatUtils.mean(values), Math.sqrt(StatUtils.populationVariance(values)));
  }
}
