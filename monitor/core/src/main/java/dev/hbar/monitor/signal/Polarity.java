package dev.hbar.monitor.signal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Which values of a signal count as evidence for a hallucination. */
public enum Polarity {
  /** High values do. */
  HIGH,
  /** Low values do. */
  LOW;

  /**
   * hbar_s was found inverted by the study's calibration, and with it the parts it is made of; of a
   * given answer, a likely one counts as right.
   */
  private static final Set<String> INVERTED =
      Set.of(
          "hbar",
          "dmu",
          "dsigma",
          "logprob_mean",
          "logprob_min",
          "logprob_sum",
          "bare_logprob_mean",
          "context_gain",
          "yes_no");

  /** The direction in which a signal is read unless parameters say otherwise. */
  public static Polarity usual(String signal) {
    return INVERTED.contains(signal) ? LOW : HIGH;
  }

  /** The values turned so that higher is riskier. */
  public double[] orient(double[] values) {
    return this == HIGH ? values : Arrays.stream(values).map(value -> -value).toArray();
  }

  /** A threshold on the turned values as one on the values themselves, and back. */
  public double orient(double value) {
    return this == HIGH ? value : -value;
  }

  /** Whether a value is at or beyond a threshold. */
  public boolean flags(double value, double threshold) {
    return this == HIGH ? value >= threshold : value <= threshold;
  }

  /** The name in JSON. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
