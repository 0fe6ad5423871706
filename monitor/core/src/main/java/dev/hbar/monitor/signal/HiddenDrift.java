package dev.hbar.monitor.signal;

/**
 * Hidden drift: dh_t = 1 - clamp(cos(h_t, h_{t-1}), -1, 1), with h the raw output of the last
 * decoder block (before the final norm) at the last position; 0 for the first generated token.
 *
 * <p>Dimensionless, in [0, 2]. Direction: high = the state turned far between two tokens.
 */
public final class HiddenDrift {
  /** The drift of the first generated token, which has no predecessor. */
  public static final double FIRST = 0;

  /** Least product of the two norms: a zero state has cosine 0 with everything, not NaN. */
  public static final double NORM_EPSILON = 1e-8;

  private HiddenDrift() {}

  /**
   * Drift between two consecutive tokens.
   *
   * @param previous [hidden], the last block's output one token earlier
   * @param current [hidden], the last block's output for this token
   * @param blockIndex index of that block, for the error text
   * @param step index of the current token, for the error text
   * @throws NonFiniteException if a value is NaN or infinite
   */
  public static double of(float[] previous, float[] current, int blockIndex, int step) {
    NonFiniteException.requireFiniteState(previous, blockIndex, step - 1);
    NonFiniteException.requireFiniteState(current, blockIndex, step);
    double dot = 0;
    double previousSquares = 0;
    double currentSquares = 0;
    for (int d = 0; d < current.length; d++) {
      dot += (double) previous[d] * current[d];
      previousSquares += (double) previous[d] * previous[d];
      currentSquares += (double) current[d] * current[d];
    }
    double norms = Math.sqrt(previousSquares) * Math.sqrt(currentSquares);
    return 1 - Math.clamp(dot / Math.max(norms, NORM_EPSILON), -1.0, 1.0);
  }
}
