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

  /**
   * The Cholesky factor U of Z' Z / n + lambda I, U' U, and what is solved with it. Every inner
   * loop adds multiples of rows to a row, which the compiler turns into vector instructions. The
   * arrays are not to be changed.
   *
   * @param rows of U; what stands below the diagonal is not looked at
   */
  record UpperTriangle(double[][] rows) {
    /** The factor for these rows Z. */
    static UpperTriangle of(double[][] z, double lambda) {
      double[][] u = square(z);
      int width = u.length;
      for (int k = 0; k < width; k++) {
        for (int j = k; j < width; j++) {
          u[k][j] /= z.length;
        }
        u[k][k] += lambda;
        add(u[k], k, width, u, k, -1, u, k);
        double root = Math.sqrt(u[k][k]);
        for (int j = k; j < width; j++) {
          u[k][j] /= root;
        }
      }
      return new UpperTriangle(u);
    }

    /** (U' U)^-1 b. */
    double[] solve(double[] b) {
      double[] x = b.clone();
      for (int k = 0; k < x.length; k++) {
        x[k] /= rows[k][k];
        for (int j = k + 1; j < x.length; j++) {
          x[j] -= x[k] * rows[k][j];
        }
      }
      for (int k = x.length - 1; k >= 0; k--) {
        for (int j = k + 1; j < x.length; j++) {
          x[k] -= rows[k][j] * x[j];
        }
        x[k] /= rows[k][k];
      }
      return x;
    }

    /** (U' U)^-1. */
    double[][] inverse() {
      int width = rows.length;
      double[][] root = new double[width][width];
      for (int k = 0; k < width; k++) {
        root[k][k] = 1;
        add(root[k], 0, k, root, k, -1, rows, k);
        for (int j = 0; j <= k; j++) {
          root[k][j] /= rows[k][k];
        }
      }
      double[][] inverse = square(root);
      for (int k = 0; k < width; k++) {
        for (int j = 0; j < k; j++) {
          inverse[k][j] = inverse[j][k];
        }
      }
      return inverse;
    }

    /** The upper triangle of Z' Z. */
    private static double[][] square(double[][] z) {
      int width = z[0].length;
      double[][] square = new double[width][width];
      for (int k = 0; k < width; k++) {
        add(square[k], k, width, z, z.length, 1, z, k);
      }
      return square;
    }

    /**
     * Adds to a row, from one column to another, the first rows of a matrix, each sign * its
     * factor.
     */
    private static void add(
        double[] target,
        int from,
        int to,
        double[][] matrix,
        int count,
        double sign,
        double[][] factors,
        int column) {
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        double a = sign * factors[i][column];
        double b = sign * factors[i + 1][column];
        double c = sign * factors[i + 2][column];
        double d = sign * factors[i + 3][column];
        double[] one = matrix[i];
        double[] two = matrix[i + 1];
        double[] three = matrix[i + 2];
        double[] four = matrix[i + 3];
        for (int j = from; j < to; j++) {
          target[j] += (a * one[j] + b * two[j]) + (c * three[j] + d * four[j]);
        }
      }
      for (; i < count; i++) {
        double a = sign * factors[i][column];
        double[] row = matrix[i];
        for (int j = from; j < to; j++) {
          target[j] += a * row[j];
        }
      }
    }
  }
}
