package dev.hbar.study.detect;

import dev.hbar.study.statistics.Lbfgs;
import dev.hbar.study.statistics.LogisticLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.linear.RectangularCholeskyDecomposition;

/**
 * Logistic regression on z-scored features with an L2 penalty: mean(ln(1 + e^s) - y s) + |w|^2 / (2
 * C n), s = w z + b, b not penalized. scikit-learn's LogisticRegression behind a StandardScaler;
 * the linear probe of arXiv 2606.02628 on a block's output.
 *
 * <p>With far more features than samples the same minimum is found among n numbers: Z Z' = B B',
 * logistic regression on the rows of B gives u, and w = Z' B (B' B)^-1 u has the same scores and
 * the same length.
 */
final class LogisticProbe {
  private static final double TOLERANCE = 1e-5;
  private static final double RANK = 1e-9;

  private LogisticProbe() {}

  /** One fit per C, each started from the last: give them ascending. */
  static List<Scorer.Linear> fit(float[][] x, int[] labels, int[] rows, double[] strengths) {
    Scaler scaler = Scaler.fit(x, rows);
    double[][] z = scaler.apply(x, rows);
    int[] y = Arrays.stream(rows).map(row -> labels[row]).toArray();
    boolean dual = 2 * rows.length < z[0].length;
    RealMatrix root = dual ? root(z) : null;
    double[][] features = dual ? root.getData() : z;
    double[] point = new double[features[0].length + 1];
    List<Scorer.Linear> fits = new ArrayList<>();
    for (double c : strengths) {
      LogisticLoss loss = new LogisticLoss(features, y, 1 / (c * rows.length));
      point = Lbfgs.minimize(loss, point, TOLERANCE);
      double[] weights = Arrays.copyOf(point, point.length - 1);
      fits.add(scaler.unscaled(dual ? primal(z, root, weights) : weights, point[point.length - 1]));
    }
    return fits;
  }

  /** B with Z Z' = B B'. */
  private static RealMatrix root(double[][] z) {
    RealMatrix rows = MatrixUtils.createRealMatrix(z);
    RealMatrix gram = rows.multiplyTransposed(rows);
    double small = RANK * gram.getTrace() / z.length;
    return new RectangularCholeskyDecomposition(gram, small).getRootMatrix();
  }

  private static double[] primal(double[][] z, RealMatrix root, double[] u) {
    RealMatrix square = root.transposeMultiply(root);
    RealVector inner =
        new CholeskyDecomposition(square).getSolver().solve(MatrixUtils.createRealVector(u));
    double[] alpha = root.operate(inner).toArray();
    double[] weights = new double[z[0].length];
    for (int i = 0; i < z.length; i++) {
      for (int k = 0; k < weights.length; k++) {
        weights[k] += alpha[i] * z[i][k];
      }
    }
    return weights;
  }
}
