package dev.hbar.monitor.signal;

/**
 * delta_sigma = sqrt( mean_i || x_i - mean_j x_j ||^2 ), with x_i = h_i / sqrt(sum h_i^2 + {@value
 * #NORM_EPSILON}) and h_i the raw output of decoder block i (residual stream, before the final
 * norm) at the last position.
 *
 * <p>Dimensionless, in [0, 1]. Direction: high = the blocks point in different directions, 0 = all
 * point the same way.
 */
public final class DeltaSigma {
  /** Added to the squared norm so that a zero state stays zero instead of becoming NaN. */
  public static final double NORM_EPSILON = 1e-8;

  private DeltaSigma() {}

  /**
   * delta_sigma of one position.
   *
   * @param blocks [layers, hidden], the block outputs, at least one layer
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a value is NaN or infinite
   */
  public static double of(float[][] blocks, int step) {
    double[][] directions = new double[blocks.length][];
    double[] mean = new double[blocks[0].length];
    for (int i = 0; i < blocks.length; i++) {
      directions[i] = direction(NonFiniteException.requireFiniteState(blocks[i], i, step));
      for (int d = 0; d < mean.length; d++) {
        mean[d] += directions[i][d] / blocks.length;
      }
    }
    double variance = 0;
    for (double[] x : directions) {
      variance += squaredDistance(x, mean) / blocks.length;
    }
    return Math.sqrt(variance);
  }

  private static double[] direction(float[] h) {
    double squares = NORM_EPSILON;
    for (float value : h) {
      // Widened before squaring: float16-massive activations overflow in narrow arithmetic.
      squares += (double) value * value;
    }
    double[] x = new double[h.length];
    for (int d = 0; d < x.length; d++) {
      x[d] = h[d] / Math.sqrt(squares);
    }
    return x;
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }
}
