package dev.hbar.monitor.signal;

/**
 * Semantic uncertainty: hbar_s = sqrt(delta_mu * delta_sigma).
 *
 * <p>Dimensionless, >= 0. Direction: defined as "high = uncertain", but calibration finds it
 * inverted (hallucinations have the lower value), so as a score it is used as -hbar_s.
 */
public final class SemanticUncertainty {
  private SemanticUncertainty() {}

  /**
   * hbar_s of one token.
   *
   * @param deltaMu see {@link DeltaMu}
   * @param deltaSigma see {@link DeltaSigma}
   */
  public static double of(double deltaMu, double deltaSigma) {
    return Math.sqrt(deltaMu * deltaSigma);
  }
}
