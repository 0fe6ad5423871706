package dev.hbar.monitor.signal;

import java.util.Arrays;

/** The score of a sample: the mean of a signal's five largest values, of all if there are fewer. */
public final class TopFiveMean {
  private static final int COUNT = 5;

  private TopFiveMean() {}

  /**
   * Mean of the five largest values.
   *
   * @param values one per generated token, at least one, finite
   */
  public static double of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values to aggregate");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int used = Math.min(COUNT, sorted.length);
    double sum = 0;
    for (int i = 1; i <= used; i++) {
      sum += sorted[sorted.length - i];
    }
    return sum / used;
  }
}
