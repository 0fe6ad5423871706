package dev.hbar.study.detect;

/**
 * z = (x - mean) / sd, with mean and population sd of the rows it was fitted on; a column that does
 * not vary there becomes 0. As scikit-learn's StandardScaler. The arrays are not to be changed.
 *
 * @param mean of every column
 * @param sd of every column, 1 where it does not vary
 */
record Scaler(double[] mean, double[] sd) {
  static Scaler fit(float[][] x, int[] rows) {
    int width = x[rows[0]].length;
    double[] mean = new double[width];
    double[] sd = new double[width];
    for (int row : rows) {
      for (int k = 0; k < width; k++) {
        mean[k] += (double) x[row][k] / rows.length;
      }
    }
    for (int row : rows) {
      for (int k = 0; k < width; k++) {
        double d = x[row][k] - mean[k];
        sd[k] += d * d / rows.length;
      }
    }
    for (int k = 0; k < width; k++) {
      // What rounding of the mean leaves is no variance (scikit-learn's bound).
      double rounding = rows.length * Math.abs(mean[k]) * Math.ulp(1.0);
      sd[k] = sd[k] > rounding * rounding ? Math.sqrt(sd[k]) : 1;
    }
    return new Scaler(mean, sd);
  }

  double[] apply(float[] row) {
    double[] z = new double[row.length];
    for (int k = 0; k < z.length; k++) {
      z[k] = (row[k] - mean[k]) / sd[k];
    }
    return z;
  }

  double[][] apply(float[][] x, int[] rows) {
    double[][] z = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      z[i] = apply(x[rows[i]]);
    }
    return z;
  }

  /** The linear score of z as one of x. */
  Scorer.Linear unscaled(double[] weights, double bias) {
    double[] raw = new double[weights.length];
    double offset = bias;
    for (int k = 0; k < raw.length; k++) {
      raw[k] = weights[k] / sd[k];
      offset -= raw[k] * mean[k];
    }
    return new Scorer.Linear(raw, offset);
  }
}
