package dev.hbar.monitor.risk;

import dev.hbar.monitor.signal.FailureProbability;
import dev.hbar.monitor.signal.Polarity;

/**
 * The rules that calibrated parameters give. A signal has risk one half at its threshold and more
 * on the side that its polarity calls risky: the study's own rule halts on high hbar_s, which its
 * calibration finds to be the safe side.
 *
 * <p>Thresholds are found on scores of whole answers (mean of the five largest values) and used on
 * single tokens here, as the study does: read the risk of a token as a hint, not as its
 * probability.
 */
public final class CalibratedRisk {
  /** Beyond it a signal is past its threshold. */
  private static final double HALF = 0.5;

  private CalibratedRisk() {}

  /**
   * A rule with the cutoff that belongs to it.
   *
   * @param rule how the risk is computed
   * @param cutoff risk above which the parameters flag
   */
  public record Calibrated(RiskRule rule, double cutoff) {}

  /**
   * Flags on one signal.
   *
   * @param tau its calibrated threshold
   * @param risky the side of the threshold that counts as risky
   */
  public static Calibrated on(WatchedSignal watched, double tau, Polarity risky) {
    double steepness = FailureProbability.DEFAULT.lambda();
    boolean low = risky == Polarity.LOW;
    FailureProbability risk = new FailureProbability(low ? -steepness : steepness, tau);
    return new Calibrated(new RiskRule.OnSignal(watched, risk, true), HALF);
  }

  /** Flags on the joint probability, above its calibrated threshold. */
  public static Calibrated onBoth(JointModel model, double threshold) {
    return new Calibrated(new RiskRule.OnBoth(model), threshold);
  }
}
