package dev.hbar.study.detect;

/**
 * Squared Mahalanobis distance from the mean of the training rows: z' P z with z the scaled row and
 * P the inverse of the shrunk correlation matrix. Unsupervised: it has seen no label.
 *
 * @param scaler of the training rows
 * @param precision P, symmetric
 */
record Distance(Scaler scaler, double[][] precision) implements Scorer {
  @Override
  public double score(float[] row) {
    double[] z = scaler.apply(row);
    double sum = 0;
    for (int i = 0; i < z.length; i++) {
      double inner = 0;
      for (int k = 0; k < z.length; k++) {
        inner += precision[i][k] * z[k];
      }
      sum += z[i] * inner;
    }
    return sum;
  }
}
