package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.Optional;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * Logistic regression without a penalty (Newton's steps), with standard errors that take the
 * samples of a record together: the sandwich of Liang and Zeger (Biometrika 1986), times G / (G -
 * 1) for G records, statsmodels' {@code cov_type="cluster"} without its factor for the covariates.
 */
public final class ClusteredLogit {
  private static final int STEPS = 50;
  private static final double TOLERANCE = 1e-10;
  // At |z| of 30 a probability is 0 or 1 to all digits: the labels are separated.
  private static final double SEPARATED = 30;

  private final double[][] rows;
  private final int[] labels;
  private final int[] recordOf;

  /**
   * A regression.
   *
   * @param rows the covariates of every sample, a constant 1 among them
   * @param labels 0 or 1
   * @param recordOf number of every sample's record, from 0
   */
  public ClusteredLogit(double[][] rows, int[] labels, int[] recordOf) {
    this.rows = rows;
    this.labels = labels;
    this.recordOf = recordOf;
  }

  /** The last coefficient; empty where the labels are separated or covariates repeat each other. */
  public Optional<Estimate> last() {
    int width = rows[0].length;
    RealVector weights = new ArrayRealVector(width);
    try {
      for (int step = 0; step < STEPS; step++) {
        RealVector move = inverseInformation(weights).operate(gradient(weights));
        weights = weights.add(move);
        if (Math.abs(weights.getEntry(width - 1)) > SEPARATED) {
          return Optional.empty();
        }
        if (move.getLInfNorm() < TOLERANCE) {
          return Optional.of(estimate(weights));
        }
      }
    } catch (MathRuntimeException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private Estimate estimate(RealVector weights) {
    int width = rows[0].length;
    int records = 1 + Arrays.stream(recordOf).max().orElse(-1);
    double[][] scores = new double[records][width];
    for (int i = 0; i < rows.length; i++) {
      double residual = labels[i] - probability(weights, rows[i]);
      for (int k = 0; k < width; k++) {
        scores[recordOf[i]][k] += residual * rows[i][k];
      }
    }
    RealMatrix score = new Array2DRowRealMatrix(scores, false);
    RealMatrix bread = inverseInformation(weights);
    RealMatrix sandwich =
        bread
            .multiply(score.transposeMultiply(score))
            .multiply(bread)
            .scalarMultiply(records / (records - 1.0));
    double value = weights.getEntry(width - 1);
    double error = Math.sqrt(sandwich.getEntry(width - 1, width - 1));
    return Estimate.of(value, value, error, records - 1.0);
  }

  private RealVector gradient(RealVector weights) {
    double[] gradient = new double[rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      double residual = labels[i] - probability(weights, rows[i]);
      for (int k = 0; k < gradient.length; k++) {
        gradient[k] += residual * rows[i][k];
      }
    }
    return new ArrayRealVector(gradient, false);
  }

  private RealMatrix inverseInformation(RealVector weights) {
    int width = rows[0].length;
    double[][] information = new double[width][width];
    for (double[] row : rows) {
      double p = probability(weights, row);
      for (int a = 0; a < width; a++) {
        for (int b = 0; b < width; b++) {
          information[a][b] += p * (1 - p) * row[a] * row[b];
        }
      }
    }
    return new LUDecomposition(new Array2DRowRealMatrix(information, false))
        .getSolver()
        .getInverse();
  }

  private static double probability(RealVector weights, double[] row) {
    double z = 0;
    for (int k = 0; k < row.length; k++) {
      z += weights.getEntry(k) * row[k];
    }
    return 1 / (1 + Math.exp(-z));
  }
}
