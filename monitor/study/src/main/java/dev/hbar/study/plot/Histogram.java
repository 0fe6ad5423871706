package dev.hbar.study.plot;

import java.util.Arrays;

/**
 * Counts in bins of equal width, shared by both labels so that their shapes compare.
 *
 * @param low left edge of the first bin
 * @param width of a bin, above 0
 * @param bins number of bins
 */
record Histogram(double low, double width, int bins) {
  private static final int LEAST_BINS = 8;
  private static final int MOST_BINS = 60;

  /** Bins for these values: Freedman-Diaconis or Sturges, whichever has more (NumPy's "auto"). */
  static Histogram over(double[] first, double[] second) {
    double[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    Arrays.sort(all);
    double low = all[0];
    double range = all[all.length - 1] - low;
    if (range == 0) {
      // All values equal: one bin around them.
      double width = Math.max(Math.abs(low), 1) * 0.1;
      return new Histogram(low - width / 2, width, 1);
    }
    double quartiles = all[3 * (all.length - 1) / 4] - all[(all.length - 1) / 4];
    double wanted = 2 * quartiles / Math.cbrt(all.length);
    long sturges = 1 + Math.round(Math.log(all.length) / Math.log(2));
    long freedman = wanted > 0 ? Math.round(range / wanted) : LEAST_BINS;
    int used = Math.clamp(Math.max(sturges, freedman), LEAST_BINS, MOST_BINS);
    return new Histogram(low, range / used, used);
  }

  /** Share of the values in each bin; all zero if there are none. */
  double[] shares(double[] values) {
    double[] shares = new double[bins];
    for (double value : values) {
      int bin = Math.clamp((long) ((value - low) / width), 0, bins - 1);
      shares[bin] += 1.0 / values.length;
    }
    return shares;
  }
}
