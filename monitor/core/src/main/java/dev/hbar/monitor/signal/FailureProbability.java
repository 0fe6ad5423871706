package dev.hbar.monitor.signal;

/**
 * Risk of a token: p_fail = 1 / (1 + exp(-lambda * (hbar_s - tau))), the exponent clamped to
 * +-{@value #EXPONENT_BOUND}.
 *
 * <p>In (0, 1). Direction: high = riskier, as the study's halting rule reads it. Calibration finds
 * hbar_s inverted; a calibrated monitor therefore uses its own parameters instead of this default.
 *
 * @param lambda steepness, per unit of hbar_s
 * @param tau the value of hbar_s with risk one half
 */
public record FailureProbability(double lambda, double tau) {
  /** Keeps exp in range; beyond it the risk is 0 or 1 to every digit shown. */
  public static final double EXPONENT_BOUND = 50;

  /** The study's uncalibrated parameters: lambda 5, tau 2. */
  public static final FailureProbability DEFAULT = new FailureProbability(5.0, 2.0);

  /** Refuses parameters that would make every risk NaN. */
  public FailureProbability {
    if (!Double.isFinite(lambda) || !Double.isFinite(tau)) {
      throw new IllegalArgumentException("lambda and tau must be finite: " + lambda + ", " + tau);
    }
  }

  /** Risk of a token with this hbar_s. */
  public double of(double hbar) {
    double exponent = Math.clamp(lambda * (hbar - tau), -EXPONENT_BOUND, EXPONENT_BOUND);
    return 1 / (1 + Math.exp(-exponent));
  }
}
