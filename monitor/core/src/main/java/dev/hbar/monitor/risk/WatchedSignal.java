package dev.hbar.monitor.risk;

import dev.hbar.monitor.signal.TokenSignals;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The signal that a risk is computed from. */
public enum WatchedSignal {
  /** Semantic uncertainty, the study's rule. */
  HBAR(TokenSignals::hbar),
  /** Predictive Rupture Index, nats. */
  PRI(TokenSignals::pri);

  private final ToDoubleFunction<TokenSignals> value;

  WatchedSignal(ToDoubleFunction<TokenSignals> value) {
    this.value = value;
  }

  /** This signal's value for one token. */
  public double of(TokenSignals signals) {
    return value.applyAsDouble(signals);
  }

  /** The name in JSON and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
