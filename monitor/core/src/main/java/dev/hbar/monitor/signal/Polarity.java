package dev.hbar.monitor.signal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** Which values of a signal count as evidence for a hallucination. */
public enum Polarity {
  /** High values do. */
  HIGH,
  /** Low values do. */
  LOW;

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
