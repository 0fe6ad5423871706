package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What is flagged at every distinct score. The arithmetic of the areas is scikit-learn's, addition
 * by addition, so that published figures come out to their last digit. The arrays are not to be
 * changed.
 *
 * @param thresholds distinct scores, descending; a sample is flagged from its score on
 * @param truePositives hallucinated answers flagged at each
 * @param falsePositives right answers flagged at each
 */
public record ThresholdCounts(double[] thresholds, int[] truePositives, int[] falsePositives) {
  private static final int BLOCK = 128;
  private static final int LANES = 8;

  /** Number of hallucinated answers. */
  public int positives() {
    return thresholds.length == 0 ? 0 : truePositives[thresholds.length - 1];
  }

  /** Number of right answers. */
  public int negatives() {
    return thresholds.length == 0 ? 0 : falsePositives[thresholds.length - 1];
  }

  /** Whether there are samples of both labels; without them no area is defined. */
  public boolean hasBothLabels() {
    return positives() > 0 && negatives() > 0;
  }

  /** Area under the ROC curve; NaN without both labels. */
  public double auroc() {
    return RocCurve.of(this).area();
  }

  /**
   * Average precision, step-wise: the sum of precision times gained recall; NaN without both
   * labels.
   */
  public double averagePrecision() {
    if (!hasBothLabels()) {
      return Double.NaN;
    }
    PrecisionRecall curve = PrecisionRecall.of(this);
    double[] steps = new double[thresholds.length];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (curve.recall()[i + 1] - curve.recall()[i]) * curve.precision()[i];
    }
    return Math.max(0, -numpySum(steps));
  }

  /**
   * The sum in NumPy's order of additions (pairwise, blocks of 128, eight running sums), so that a
   * figure computed with NumPy comes out the same to its last digit.
   */
  static double numpySum(double[] values) {
    return pairwiseSum(values, 0, values.length);
  }

  private static double pairwiseSum(double[] values, int start, int count) {
    if (count < LANES) {
      double sum = 0;
      for (int i = start; i < start + count; i++) {
        sum += values[i];
      }
      return sum;
    }
    if (count > BLOCK) {
      int half = count / 2;
      half -= half % LANES;
      return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half);
    }
    return sumOfBlock(values, start, count);
  }

  private static double sumOfBlock(double[] values, int start, int count) {
    double[] lane = new double[LANES];
    System.arraycopy(values, start, lane, 0, LANES);
    int whole = count - count % LANES;
    for (int i = LANES; i < whole; i++) {
      lane[i % LANES] += values[start + i];
    }
    double sum =
        ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (int i = whole; i < count; i++) {
      sum += values[start + i];
    }
    return sum;
  }

  /**
   * The precision-recall curve as scikit-learn gives it: thresholds ascending, recall descending,
   * and a last point (recall 0, precision 1) without a threshold. The arrays are not to be changed.
   *
   * @param precision one more than thresholds
   * @param recall one more than thresholds
   * @param thresholds distinct scores, ascending
   */
  public record PrecisionRecall(double[] precision, double[] recall, double[] thresholds) {

    /**
     * A threshold on a score with its precision.
     *
     * @param threshold flag from here on
     * @param precision share of hallucinations among the flagged
     */
    public record Point(double threshold, double precision) {}

    /** The curve of these counts, which hold a hallucinated answer. */
    public static PrecisionRecall of(ThresholdCounts counts) {
      int size = counts.thresholds().length;
      double[] precision = new double[size + 1];
      double[] recall = new double[size + 1];
      double[] thresholds = new double[size];
      for (int i = 0; i < size; i++) {
        int from = size - 1 - i;
        double hits = counts.truePositives()[from];
        precision[i] = hits / (hits + counts.falsePositives()[from]);
        recall[i] = hits / counts.positives();
        thresholds[i] = counts.thresholds()[from];
      }
      precision[size] = 1;
      return new PrecisionRecall(precision, recall, thresholds);
    }

    /**
     * Among thresholds with at least this recall the one of highest precision, the lowest of them.
     */
    public Point mostPreciseWithRecall(double least) {
      int best = 0;
      for (int i = 1; i < thresholds.length && recall[i] >= least; i++) {
        best = precision[i] > precision[best] ? i : best;
      }
      return new Point(thresholds[best], precision[best]);
    }
  }

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
        double[] grid = new double[GRID + 1];
        Arrays.setAll(grid, i -> i / (double) GRID);
        CurveBand band =
            CurveBand.of(
                new CurveBand.Scored(oriented, labels, recordOf),
                settings,
                grid,
                counts -> heights(RocCurve.of(counts), grid));
        return new Band(grid, band.low(), band.high());
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
}
