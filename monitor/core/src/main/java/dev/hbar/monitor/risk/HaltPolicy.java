package dev.hbar.monitor.risk;

import dev.hbar.monitor.signal.FailureProbability;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.OptionalDouble;

/**
 * When a generation stops by itself: a token whose risk is above the cutoff is risky.
 *
 * <p>The study halts on high hbar_s, and its own calibration finds hbar_s inverted (hallucinations
 * have the lower values). So without calibrated parameters {@link #FLAGGING} is the default: risk
 * is shown, and nothing is cut off unless it was asked for. {@link CalibratedRisk} has the right
 * direction.
 *
 * @param rule how the risk is computed
 * @param cutoff in [0, 1]; above it a token is risky
 * @param every tokens from one check to the next, the first token is checked; at least 1
 * @param halting whether a risky token ends the generation
 */
public record HaltPolicy(RiskRule rule, double cutoff, int every, boolean halting) {
  /** The study's cutoff. */
  public static final double CUTOFF = 0.85;

  /** The study's risk, shown only. */
  public static final HaltPolicy FLAGGING =
      new HaltPolicy(WatchedSignal.HBAR, FailureProbability.DEFAULT, CUTOFF, 1, false);

  /** The study's rule: stop at the first token whose risk on hbar_s is above 0.85. */
  public static final HaltPolicy STUDY =
      new HaltPolicy(WatchedSignal.HBAR, FailureProbability.DEFAULT, CUTOFF, 1, true);

  /** Refuses a cutoff that is no probability, and a distance between checks below 1. */
  public HaltPolicy {
    if (!(cutoff >= 0 && cutoff <= 1)) {
      throw new IllegalArgumentException("cutoff must be in [0, 1]: " + cutoff);
    }
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1: " + every);
    }
  }

  /** A policy on one signal, not calibrated; a negative lambda turns the direction. */
  public HaltPolicy(
      WatchedSignal watched, FailureProbability risk, double cutoff, int every, boolean halting) {
    this(new RiskRule.OnSignal(watched, risk, false), cutoff, every, halting);
  }

  /** Risk of a token, in [0, 1]; empty unless the rule was calibrated. */
  public OptionalDouble calibratedRisk(TokenSignals signals) {
    return rule.isCalibrated() ? OptionalDouble.of(rule.of(signals)) : OptionalDouble.empty();
  }

  /** Risk of a token, in [0, 1]. */
  public double risk(TokenSignals signals) {
    return rule.of(signals);
  }

  /** Whether a risk is above the cutoff. */
  public boolean isRisky(double risk) {
    return risk > cutoff;
  }

  /**
   * Whether the token must be dropped and the generation stopped.
   *
   * @param step index of the token, from 0
   */
  public boolean halts(int step, double risk) {
    return halting && step % every == 0 && isRisky(risk);
  }
}
