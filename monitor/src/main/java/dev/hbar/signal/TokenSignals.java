package dev.hbar.signal;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Every signal of one generated token; the component names are the JSON names.
 *
 * @param token id of the chosen token
 * @param hbar see {@link SemanticUncertainty}
 * @param dmu see {@link DeltaMu}
 * @param dsigma see {@link DeltaSigma}
 * @param surprise see {@link Surprise}, nats
 * @param dh see {@link HiddenDrift}
 * @param pri see {@link RuptureIndex}, nats
 */
@JsonPropertyOrder({"token", "hbar", "dmu", "dsigma", "surprise", "dh", "pri"})
public record TokenSignals(
    int token, double hbar, double dmu, double dsigma, double surprise, double dh, double pri) {

  /** The derived signals from the four measured ones. */
  public static TokenSignals of(
      int token, double dmu, double dsigma, double surprise, double dh, double alpha) {
    return new TokenSignals(
        token,
        SemanticUncertainty.of(dmu, dsigma),
        dmu,
        dsigma,
        surprise,
        dh,
        RuptureIndex.of(surprise, dh, alpha));
  }

  /**
   * These signals, checked.
   *
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException naming the first signal that is NaN or infinite; dmu comes first
   *     because a NaN in the logits reaches every other signal as well
   */
  public TokenSignals requireFinite(int step) {
    check("dmu", dmu, step);
    check("surprise", surprise, step);
    check("dsigma", dsigma, step);
    check("dh", dh, step);
    check("hbar", hbar, step);
    check("pri", pri, step);
    return this;
  }

  private static void check(String name, double value, int step) {
    if (!Double.isFinite(value)) {
      throw NonFiniteException.signal(name, step);
    }
  }
}
