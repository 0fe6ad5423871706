package dev.hbar.study.detect;

/** A fitted detector: a number for a row of features, higher = more likely hallucinated. */
public sealed interface Scorer {
  /** The score of one row. */
  double score(float[] row);

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

  /**
   * Squared Mahalanobis distance from the mean of the training rows: z' P z with z the scaled row
   * and P the inverse of the shrunk correlation matrix. Unsupervised: it has seen no label.
   *
   * @param scaler of the training rows
   * @param precision P, symmetric
   */
  record Distance(Scaler scaler, double[][] precision) implements Scorer {
    @Override
    public double score(float[] row) {
      double[] z = scaler.apply(row);
      double[] product = new double[z.length];
      for (int i = 0; i < z.length; i++) {
        for (int k = 0; k < z.length; k++) {
          product[k] += z[i] * precision[i][k];
        }
      }
      double sum = 0;
      for (int k = 0; k < z.length; k++) {
        sum += z[k] * product[k];
      }
      return sum;
    }
  }
}
