package dev.hbar.study.statistics;

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
}
