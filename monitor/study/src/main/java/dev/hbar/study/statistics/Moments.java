package dev.hbar.study.statistics;

import java.util.Optional;
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

  /**
   * Cohen's d: (this mean - the other's) / sqrt((sd^2 + other sd^2) / 2); empty if neither varies.
   */
  public Optional<Double> cohensD(Moments other) {
    double pooled = Math.sqrt((sd * sd + other.sd * other.sd) / 2);
    return pooled > 0 ? Optional.of((mean - other.mean) / pooled) : Optional.empty();
  }
}
