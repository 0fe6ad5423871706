package dev.hbar.monitor.generation;

import dev.hbar.monitor.signal.TokenSignals;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One generated token and what was measured while it was chosen.
 *
 * @param text what became certain with it: empty for an end-of-sequence token, while a character is
 *     incomplete, and while it may belong to a stop string
 * @param risk in (0, 1), high = riskier; empty unless the run has calibrated parameters
 * @param alternatives the likeliest tokens, most likely first; empty unless asked for
 */
public record GeneratedToken(
    TokenSignals signals, String text, OptionalDouble risk, List<Alternative> alternatives) {
  /** Copies the list. */
  public GeneratedToken {
    alternatives = List.copyOf(alternatives);
  }

  /** The token's id in the vocabulary. */
  public int id() {
    return signals.token();
  }

  /** Natural logarithm of the probability that the model gave the token, at least -23.03. */
  public double logProbability() {
    return -signals.surprise();
  }

  /**
   * A token that could have been chosen.
   *
   * @param id its id
   * @param text what it would have added on its own
   * @param logProbability natural logarithm of its probability, from the logits before any filter
   */
  public record Alternative(int id, String text, double logProbability) {}
}
