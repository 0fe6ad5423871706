package dev.hbar.monitor.signal;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
 * @param more further signals by their JSON names, in the order of the JSON: those of {@link
 *     #DISTRIBUTION}, all oriented so that high = uncertain, and drift_I, the {@link HiddenDrift}
 *     of block I; empty where they were not measured
 */
@JsonPropertyOrder({"token", "hbar", "dmu", "dsigma", "surprise", "dh", "pri"})
public record TokenSignals(
    int token,
    double hbar,
    double dmu,
    double dsigma,
    double surprise,
    double dh,
    double pri,
    Map<String, Double> more) {
  /** Names of the single-pass signals that other tools report, in the order of the JSON. */
  public static final List<String> DISTRIBUTION =
      List.of(
          "entropy",
          "max_prob",
          "margin",
          "renyi",
          "fisher_rao",
          "self_certainty",
          "topk_negentropy",
          "boosted_prob");

  /** Copies the map. */
  public TokenSignals {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }

  /** Without further signals. */
  public TokenSignals(
      int token, double hbar, double dmu, double dsigma, double surprise, double dh, double pri) {
    this(token, hbar, dmu, dsigma, surprise, dh, pri, Map.of());
  }

  /** The derived signals from the four measured ones, without further signals. */
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

  /** These signals and further ones. */
  public TokenSignals with(Map<String, Double> further) {
    return new TokenSignals(token, hbar, dmu, dsigma, surprise, dh, pri, further);
  }

  @Override
  @JsonAnyGetter
  public Map<String, Double> more() {
    return more;
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
    more.forEach((name, value) -> check(name, value, step));
    return this;
  }

  private static void check(String name, double value, int step) {
    if (!Double.isFinite(value)) {
      throw NonFiniteException.signal(name, step);
    }
  }
}
