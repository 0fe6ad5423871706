package dev.hbar.monitor.signal;

import java.util.Arrays;

/** How one score of a sample is made of the values of its tokens. */
public enum Aggregate {
  /** The mean of the five largest values, of all if there are fewer: as the study does it. */
  TOP_FIVE {
    @Override
    double ofSorted(double[] ascending) {
      int used = Math.min(MOST, ascending.length);
      double sum = 0;
      for (int i = 1; i <= used; i++) {
        sum += ascending[ascending.length - i];
      }
      return sum / used;
    }
  },
  /** The mean of all values, as other tools do it. */
  MEAN {
    @Override
    public double of(double[] values) {
      return Arrays.stream(values).average().orElseThrow(Aggregate::none);
    }

    @Override
    double ofSorted(double[] ascending) {
      return of(ascending);
    }
  },
  /** The largest value. */
  MAX {
    @Override
    double ofSorted(double[] ascending) {
      return ascending[ascending.length - 1];
    }
  };

  private static final int MOST = 5;

  /**
   * The score; the values stay as they are.
   *
   * @param values one per token, at least one, finite
   */
  public double of(double[] values) {
    if (values.length == 0) {
      throw none();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return ofSorted(sorted);
  }

  abstract double ofSorted(double[] ascending);

  private static IllegalArgumentException none() {
    return new IllegalArgumentException("no values to aggregate");
  }
}
