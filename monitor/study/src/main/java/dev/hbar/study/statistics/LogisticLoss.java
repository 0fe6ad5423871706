package dev.hbar.study.statistics;

import java.util.Arrays;

/**
 * Mean logistic loss plus an L2 penalty on the weights: mean(ln(1 + exp(z)) - y z) + penalty / 2 *
 * |w|^2 with z = w x + b. The last coordinate is the intercept b, which is not penalized.
 *
 * @param features one row per sample
 * @param labels 0 or 1
 * @param penalty 1 / (C * samples) in scikit-learn's terms
 */
public record LogisticLoss(double[][] features, int[] labels, double penalty)
    implements Lbfgs.Objective {
  @Override
  public double evaluate(double[] point, double[] gradient) {
    int weights = point.length - 1;
    Arrays.fill(gradient, 0);
    double loss = 0;
    for (int i = 0; i < labels.length; i++) {
      double z = linear(point, features[i]);
      // ln(1 + e^z) without overflow.
      loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[i] * z;
      double residual = 1 / (1 + Math.exp(-z)) - labels[i];
      for (int k = 0; k < weights; k++) {
        gradient[k] += residual * features[i][k];
      }
      gradient[weights] += residual;
    }
    double squares = 0;
    for (int k = 0; k <= weights; k++) {
      gradient[k] /= labels.length;
      if (k < weights) {
        gradient[k] += penalty * point[k];
        squares += point[k] * point[k];
      }
    }
    return loss / labels.length + penalty / 2 * squares;
  }

  /** w x + b. */
  public static double linear(double[] point, double[] row) {
    double z = point[point.length - 1];
    for (int k = 0; k < row.length; k++) {
      z += point[k] * row[k];
    }
    return z;
  }
}
