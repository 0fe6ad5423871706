package dev.hbar.study.statistics;

import java.util.Arrays;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Where a ROC curve would lie with other records: at every false positive rate the interval of the
 * true positive rate over bootstrap resamples of records (pointwise). The arrays are not to be
 * changed.
 *
 * @param falsePositiveRate a grid on [0, 1]
 * @param low lower ends
 * @param high upper ends
 */
public record RocBand(double[] falsePositiveRate, double[] low, double[] high) {
  private static final int GRID = 100;

  /**
   * The band of one signal.
   *
   * @param oriented higher = more evidence for a hallucination
   * @param labels 0 right, 1 hallucinated
   * @param recordOf number of each sample's record
   */
  public static RocBand of(
      double[] oriented, int[] labels, int[] recordOf, EvidenceSettings settings) {
    Ranking ranking = new Ranking(oriented, labels);
    Resamples resamples = Resamples.byRecord(recordOf, labels, settings.seed());
    double[] grid = new double[GRID + 1];
    Arrays.setAll(grid, i -> i / (double) GRID);
    double[][] rates = new double[GRID + 1][settings.resamples()];
    for (int r = 0; r < settings.resamples(); r++) {
      double[] heights = heights(RocCurve.of(ranking.counts(resamples.next())), grid);
      for (int i = 0; i <= GRID; i++) {
        rates[i][r] = heights[i];
      }
    }
    double tail = 100 * (1 - settings.level()) / 2;
    double[] low = new double[GRID + 1];
    double[] high = new double[GRID + 1];
    for (int i = 0; i <= GRID; i++) {
      Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
      percentile.setData(rates[i]);
      low[i] = percentile.evaluate(tail);
      high[i] = percentile.evaluate(100 - tail);
    }
    return new RocBand(grid, low, high);
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
