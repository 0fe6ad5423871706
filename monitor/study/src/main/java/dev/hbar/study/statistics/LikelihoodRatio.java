package dev.hbar.study.statistics;

import java.util.Arrays;
import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * Likelihood-ratio test of whether a score adds to others: twice the gain in log-likelihood of a
 * logistic regression when the score is added, and its p by chi-squared with one degree of freedom.
 *
 * @param statistic twice the gain
 * @param p of a gain as large without anything to gain
 */
public record LikelihoodRatio(double statistic, double p) {
  private static final int MOST_STEPS = 50;
  private static final double RIDGE = 1e-8;
  private static final double CLOSE = 1e-10;

  /**
   * The test.
   *
   * @param base columns of the smaller model, one array per sample; may have no column
   * @param added the score, one per sample
   */
  public static LikelihoodRatio of(double[][] base, double[] added, int[] labels) {
    double[][] wider = new double[base.length][];
    for (int i = 0; i < base.length; i++) {
      wider[i] = Arrays.copyOf(base[i], base[i].length + 1);
      wider[i][base[i].length] = added[i];
    }
    double statistic =
        Math.max(0, 2 * (logLikelihood(wider, labels) - logLikelihood(base, labels)));
    double p = 1 - new ChiSquaredDistribution(1).cumulativeProbability(statistic);
    return new LikelihoodRatio(statistic, p);
  }

  /** The largest log-likelihood of a logistic regression with intercept, by Newton's method. */
  static double logLikelihood(double[][] x, int[] labels) {
    double[] point = fit(x, labels);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double s = linear(point, x[i]);
      sum += labels[i] * s - Math.max(s, 0) - Math.log1p(Math.exp(-Math.abs(s)));
    }
    return sum;
  }

  /** Weights, the intercept last; columns are scaled inside, so that their units do not matter. */
  public static double[] fit(double[][] x, int[] labels) {
    int width = x[0].length;
    double[] scale = scales(x, width);
    double[] point = new double[width + 1];
    for (int step = 0; step < MOST_STEPS; step++) {
      RealMatrix hessian = MatrixUtils.createRealIdentityMatrix(width + 1).scalarMultiply(RIDGE);
      double[] gradient = new double[width + 1];
      for (int i = 0; i < x.length; i++) {
        double[] row = scaled(x[i], scale);
        double p = 1 / (1 + Math.exp(-dot(point, row)));
        for (int a = 0; a <= width; a++) {
          gradient[a] += (labels[i] - p) * row[a];
          for (int b = 0; b <= width; b++) {
            hessian.addToEntry(a, b, p * (1 - p) * row[a] * row[b]);
          }
        }
      }
      double[] move =
          new CholeskyDecomposition(hessian, 1e-9, 0)
              .getSolver()
              .solve(MatrixUtils.createRealVector(gradient))
              .toArray();
      double largest = 0;
      for (int a = 0; a <= width; a++) {
        point[a] += move[a];
        largest = Math.max(largest, Math.abs(move[a]));
      }
      if (largest < CLOSE) {
        break;
      }
    }
    for (int a = 0; a < width; a++) {
      point[a] /= scale[a];
    }
    return point;
  }

  private static double[] scales(double[][] x, int width) {
    double[] scale = new double[width];
    for (double[] row : x) {
      for (int k = 0; k < width; k++) {
        scale[k] = Math.max(scale[k], Math.abs(row[k]));
      }
    }
    for (int k = 0; k < width; k++) {
      scale[k] = scale[k] > 0 ? scale[k] : 1;
    }
    return scale;
  }

  private static double[] scaled(double[] row, double[] scale) {
    double[] scaled = new double[row.length + 1];
    for (int k = 0; k < row.length; k++) {
      scaled[k] = row[k] / scale[k];
    }
    scaled[row.length] = 1;
    return scaled;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double linear(double[] point, double[] row) {
    double sum = point[row.length];
    for (int k = 0; k < row.length; k++) {
      sum += point[k] * row[k];
    }
    return sum;
  }
}
