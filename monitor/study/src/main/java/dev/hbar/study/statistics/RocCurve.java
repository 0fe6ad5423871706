package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The ROC curve's corners, from (0, 0) to (1, 1). The arrays are not to be changed.
 *
 * @param falsePositiveRate share of right answers flagged, ascending
 * @param truePositiveRate share of hallucinated answers flagged, ascending
 */
public record RocCurve(double[] falsePositiveRate, double[] truePositiveRate) {
  /**
   * Where a ROC curve would lie with other records: at every false positive rate the interval of
   * the true positive rate over bootstrap resamples of records (pointwise). The arrays are not to
   * be changed.
   *
   * @param falsePositiveRate a grid on [0, 1]
   * @param low lower ends
   * @param high upper ends
   */
  public record Band(double[] falsePositiveRate, double[] low, double[] high) {
    private static final int GRID = 100;

    /**
     * The band of one signal.
     *
     * @param oriented higher = more evidence for a hallucination
     * @param labels 0 right, 1 hallucinated
     * @param recordOf number of each sample's record
     */
    public static Band of(
        double[] oriented, int[] labels, int[] recordOf, Bootstrap.Settings settings) {
      Ranking ranking = new Ranking(oriented, labels);
      Bootstrap.Resamples resamples =
          Bootstrap.Resamples.byRecord(recordOf, labels, settings.seed());
      double[] grid = new double[GRID + 1];
      Arrays.setAll(grid, i -> i / (double) GRID);
      double[][] rates = new double[GRID + 1][settings.resamples()];
      for (int r = 0; r < settings.resamples(); r++) {
        double[] heights = heights(RocCurve.of(ranking.counts(resamples.next())), grid);
        for (int i = 0; i <= GRID; i++) {
          rates[i][r] = heights[i];
        }
      }
      double[] low = new double[GRID + 1];
      double[] high = new double[GRID + 1];
      for (int i = 0; i <= GRID; i++) {
        Interval interval = settings.percentiles(rates[i]);
        low[i] = interval.low();
        high[i] = interval.high();
      }
      return new Band(grid, low, high);
    }

    /** The curve at every grid point: on a vertical step its upper end. */
    private static double[] heights(RocCurve curve, double[] grid) {
      double[] x = curve.falsePositiveRate();
      double[] y = curve.truePositiveRate();
      double[] heights = new double[grid.length];
      int right = 0;
      for (int i = 0; i < grid.length; i++) {
        while (right < x.length - 1 && x[right + 1] <= grid[i]) {
          right++;
        }
        boolean last = right == x.length - 1;
        double share = last ? 0 : (grid[i] - x[right]) / (x[right + 1] - x[right]);
        heights[i] = last ? y[right] : y[right] + share * (y[right + 1] - y[right]);
      }
      return heights;
    }
  }

  /** The curve; NaN throughout if a label has no sample. */
  public static RocCurve of(ThresholdCounts counts) {
    int[] hits = counts.truePositives();
    int[] misses = counts.falsePositives();
    int last = hits.length - 1;
    int[] corners =
        IntStream.rangeClosed(0, last)
            .filter(i -> i == 0 || i == last || bends(hits, i) || bends(misses, i))
            .toArray();
    double[] x = new double[corners.length + 1];
    double[] y = new double[corners.length + 1];
    for (int i = 0; i < corners.length; i++) {
      x[i + 1] = misses[corners[i]] / (double) counts.negatives();
      y[i + 1] = hits[corners[i]] / (double) counts.positives();
    }
    return new RocCurve(x, y);
  }

  /** Area by the trapezoidal rule. */
  double area() {
    double[] strips = new double[falsePositiveRate.length - 1];
    for (int i = 0; i < strips.length; i++) {
      double width = falsePositiveRate[i + 1] - falsePositiveRate[i];
      strips[i] = width * (truePositiveRate[i + 1] + truePositiveRate[i]) / 2;
    }
    return ThresholdCounts.numpySum(strips);
  }

  private static boolean bends(int[] counts, int i) {
    return counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
  }
}
