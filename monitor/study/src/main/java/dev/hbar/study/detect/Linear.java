package dev.hbar.study.detect;

/**
 * w x + b. The array is not to be changed.
 *
 * @param weights one per feature
 * @param bias added
 */
public record Linear(double[] weights, double bias) implements Scorer {
  @Override
  public double score(float[] row) {
    double sum = bias;
    for (int k = 0; k < row.length; k++) {
      sum += weights[k] * row[k];
    }
    return sum;
  }

  /** slope * score + offset as a linear score. */
  Linear then(double slope, double offset) {
    double[] turned = new double[weights.length];
    for (int k = 0; k < turned.length; k++) {
      turned[k] = slope * weights[k];
    }
    return new Linear(turned, slope * bias + offset);
  }
}
