package dev.hbar.run;

import dev.hbar.signal.TokenSignals;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The scores of one sample: of each signal the {@link TopFiveMean} over its tokens. All finite.
 *
 * @param hbar semantic uncertainty
 * @param pri Predictive Rupture Index, nats
 * @param surprise nats
 * @param dmu delta_mu
 * @param dsigma delta_sigma
 * @param dh hidden drift
 */
public record SignalScores(
    double hbar, double pri, double surprise, double dmu, double dsigma, double dh) {

  /** Refuses NaN and infinities: such a sample is an error, not a score. */
  public SignalScores {
    if (!Double.isFinite(hbar + pri + surprise + dmu + dsigma + dh)) {
      throw new IllegalArgumentException("a score must be a finite number");
    }
  }

  /**
   * Scores from the tokens of one sample.
   *
   * @param tokens at least one, finite
   */
  public static SignalScores of(List<TokenSignals> tokens) {
    return new SignalScores(
        top(tokens, TokenSignals::hbar),
        top(tokens, TokenSignals::pri),
        top(tokens, TokenSignals::surprise),
        top(tokens, TokenSignals::dmu),
        top(tokens, TokenSignals::dsigma),
        top(tokens, TokenSignals::dh));
  }

  private static double top(List<TokenSignals> tokens, ToDoubleFunction<TokenSignals> signal) {
    return TopFiveMean.of(tokens.stream().mapToDouble(signal).toArray());
  }
}
