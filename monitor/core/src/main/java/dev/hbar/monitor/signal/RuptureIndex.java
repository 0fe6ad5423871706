package dev.hbar.monitor.signal;

/**
 * Predictive Rupture Index: PRI_t = S_t * (1 + alpha * dh_t), see {@link Surprise} and {@link
 * HiddenDrift}; PRI_0 = S_0.
 *
 * <p>In nats, in [0, 27.63] for the default alpha. Direction: high = more uncertain.
 */
public final class RuptureIndex {
  /** Weight of the drift unless a run sets another one. */
  public static final double ALPHA = 0.1;

  private RuptureIndex() {}

  /** PRI of one token with the default {@link #ALPHA}. */
  public static double of(double surprise, double drift) {
    return of(surprise, drift, ALPHA);
  }

  /**
   * PRI of one token.
   *
   * @param surprise in nats
   * @param drift in [0, 2]
   * @param alpha weight of the drift, >= 0
   */
  public static double of(double surprise, double drift, double alpha) {
    return surprise * (1 + alpha * drift);
  }
}
