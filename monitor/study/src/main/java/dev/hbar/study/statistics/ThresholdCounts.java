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
    return Math.max(0, -PairwiseSum.of(steps));
  }
}
