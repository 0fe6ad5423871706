package dev.hbar.study.statistics;

/**
 * The precision-recall curve as scikit-learn gives it: thresholds ascending, recall descending, and
 * a last point (recall 0, precision 1) without a threshold. The arrays are not to be changed.
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
