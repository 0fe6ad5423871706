package dev.hbar.study.detect;

import java.util.Arrays;

/** Mean differences and distances under S + lambda I, S the covariance of z-scored features. */
final class ShrunkCovariance {
  private ShrunkCovariance() {}

  /**
   * Linear discriminant with shrinkage: w = (S + lambda I)^-1 (m1 - m0), S the covariance within
   * the labels, on z-scored features; the bias puts 0 half-way between the means.
   */
  static Scorer.Linear direction(float[][] x, int[] labels, int[] rows, double lambda) {
    Scaler scaler = Scaler.fit(x, rows);
    double[][] z = scaler.apply(x, rows);
    int width = z[0].length;
    double[][] means = new double[2][width];
    int[] counts = new int[2];
    for (int i = 0; i < rows.length; i++) {
      int label = labels[rows[i]];
      counts[label]++;
      for (int k = 0; k < width; k++) {
        means[label][k] += z[i][k];
      }
    }
    for (int label = 0; label < 2; label++) {
      int count = counts[label];
      means[label] = Arrays.stream(means[label]).map(sum -> sum / count).toArray();
    }
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < width; k++) {
        z[i][k] -= means[labels[rows[i]]][k];
      }
    }
    double[] difference = new double[width];
    Arrays.setAll(difference, k -> means[1][k] - means[0][k]);
    double[] weights = UpperTriangle.of(z, lambda).solve(difference);
    double bias = 0;
    for (int k = 0; k < width; k++) {
      bias -= weights[k] * (means[0][k] + means[1][k]) / 2;
    }
    return scaler.unscaled(weights, bias);
  }

  /** The distance from the rows' mean under their covariance; labels are not looked at. */
  static Scorer.Distance distance(float[][] x, int[] rows, double lambda) {
    Scaler scaler = Scaler.fit(x, rows);
    double[][] z = scaler.apply(x, rows);
    return new Scorer.Distance(scaler, UpperTriangle.of(z, lambda).inverse());
  }
}
