package dev.hbar.monitor.risk;

import dev.hbar.monitor.signal.TokenSignals;
import java.util.OptionalDouble;

/**
 * When a generation stops by itself: a token whose risk is above the cutoff is risky.
 *
 * <p>The study halts on high hbar_s, and its own calibration finds hbar_s inverted (hallucinations
 * have the lower values). So without calibrated parameters {@link #FLAGGING} is the default: risk
 * is shown, and nothing is cut off unless it was asked for. A calibrated {@link RiskRule} has the
 * right direction.
 *
 * @param rule how the risk is computed
 * @param cutoff in [0, 1]; above it a token is risky
 * @param every tokens from one check to the next, the first token is checked; at least 1
 * @param halting whether a risky token ends the generation
 */
public record HaltPolicy(RiskRule rule, double cutoff, int every, boolean halting) {
  /** The study's risk, shown only. */
  public static final HaltPolicy FLAGGING =
      new HaltPolicy(RiskRule.STUDY, RiskRule.CUTOFF, 1, false);

  /** The study's rule: stop at the first token whose risk on hbar_s is above 0.85. */
  public static final HaltPolicy STUDY = new HaltPolicy(RiskRule.STUDY, RiskRule.CUTOFF, 1, true);

  /** Refuses a cutoff that is no probability, and a distance between checks below 1. */
  public HaltPolicy {
    if (!(cutoff >= 0 && cutoff <= 1)) {
      throw new IllegalArgumentException("cutoff must be in [0, 1]: " + cutoff);
    }
    if (every < 1) {
      throw new IllegalArgumentException("every must be at least 1: " + every);
    }
  }

  /** This risk of a token, if the rule was calibrated: another says nothing about the text. */
  public OptionalDouble shown(double risk) {
    return rule.isCalibrated() ? OptionalDouble.of(risk) : OptionalDouble.empty();
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
