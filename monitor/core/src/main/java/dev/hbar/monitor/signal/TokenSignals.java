package dev.hbar.monitor.signal;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.hbar.mlx.HbarException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The signals of one generated token. As JSON: {@code token}, then every signal under its id.
 * Tokens of one run share the list of their signals.
 */
public final class TokenSignals {
  private final int token;
  private final List<Signal> signals;
  private final double[] values;

  /** Takes the arrays as they are. */
  TokenSignals(int token, List<Signal> signals, double[] values) {
    this.token = token;
    this.signals = signals;
    this.values = values;
  }

  /**
   * The study's signals of a token.
   *
   * @param token id of the chosen token
   * @param study a value for each of {@link Signal#STUDY}, in their order
   */
  public TokenSignals(int token, double... study) {
    this(token, Signal.STUDY, study.clone());
    if (study.length != Signal.STUDY.size()) {
      throw new IllegalArgumentException(
          "%s values for the %s signals %s".formatted(study.length, signals.size(), signals));
    }
  }

  /** The study's signals of a token, hbar and PRI computed from the four that are measured. */
  public static TokenSignals of(
      int token, double dmu, double dsigma, double surprise, double dh, double alpha) {
    return new TokenSignals(token, 0, dmu, dsigma, surprise, dh, 0).derive(alpha);
  }

  /** The signals of a token by name, in the order of the map. */
  public static TokenSignals of(int token, Map<Signal, Double> values) {
    return new TokenSignals(
        token,
        List.copyOf(values.keySet()),
        values.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Fills in what is computed from the measured signals. */
  TokenSignals derive(double alpha) {
    for (int i = 0; i < values.length; i++) {
      if (signals.get(i).source() instanceof Signal.Source.Derived(Signal.Derivation derivation)) {
        values[i] = derivation.of(this, alpha);
      }
    }
    return this;
  }

  /** These signals and further ones. */
  public TokenSignals with(Map<Signal, Double> further) {
    Map<Signal, Double> all = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      all.put(signals.get(i), values[i]);
    }
    all.putAll(further);
    return of(token, all);
  }

  /** Id of the chosen token. */
  @JsonProperty
  public int token() {
    return token;
  }

  /** What was measured, in the order of the JSON. */
  public List<Signal> signals() {
    return signals;
  }

  /** Whether this signal was measured. */
  public boolean has(Signal signal) {
    return signals.contains(signal);
  }

  /**
   * The value of a signal, in its unit.
   *
   * @throws IllegalArgumentException if it was not measured
   */
  public double get(Signal signal) {
    int place = signals.indexOf(signal);
    if (place < 0) {
      throw new IllegalArgumentException(signal + " was not measured, only " + signals);
    }
    return values[place];
  }

  /** {@link Signal#HBAR}. */
  public double hbar() {
    return get(Signal.HBAR);
  }

  /** {@link Signal#PRI}, nats. */
  public double pri() {
    return get(Signal.PRI);
  }

  /** {@link Signal#SURPRISE}, nats. */
  public double surprise() {
    return get(Signal.SURPRISE);
  }

  /** The values by the ids of their signals. */
  @JsonAnyGetter
  public Map<String, Double> byId() {
    Map<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      named.put(signals.get(i).id(), values[i]);
    }
    return named;
  }

  /**
   * The scores of a sample, in the order of a score file.
   *
   * @param tokens at least one; a signal that only some have is scored over those
   */
  public static Map<Signal, Double> scores(List<TokenSignals> tokens) {
    Map<Signal, Double> scores = new LinkedHashMap<>();
    for (Signal score : Signal.scoresOf(tokens.getFirst().signals)) {
      // The token that ends a text has no state of its own for a detector.
      Signal of = score.ofToken();
      double[] having =
          tokens.stream()
              .filter(token -> token.has(of))
              .mapToDouble(token -> token.get(of))
              .toArray();
      scores.put(score, score.aggregate().orElseThrow().of(having));
    }
    return scores;
  }

  /**
   * These signals, checked.
   *
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException naming the first signal that is NaN or infinite; what is computed
   *     from others comes last, and dmu first because a NaN in the logits reaches every signal
   */
  public TokenSignals requireFinite(int step) {
    return requireFinite("step " + step);
  }

  /** The same, where the error text is to name the checkpoint's folder too. */
  public TokenSignals requireFinite(int step, Path checkpoint) {
    return requireFinite("step " + step + " of " + checkpoint);
  }

  private TokenSignals requireFinite(String place) {
    int bad = -1;
    for (int i = values.length - 1; i >= 0; i--) {
      boolean derived = signals.get(i).source() instanceof Signal.Source.Derived;
      if (!Double.isFinite(values[i]) && (bad < 0 || !derived)) {
        bad = i;
      }
    }
    if (bad >= 0) {
      throw new NonFiniteException(signals.get(bad).id(), place);
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenSignals that
        && token == that.token
        && signals.equals(that.signals)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * token + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "token " + token + " " + byId();
  }

  /**
   * A NaN or an infinity where a signal needs a number; such a token is an error, never a score.
   */
  public static final class NonFiniteException extends HbarException {
    private static final long serialVersionUID = 1L;

    /**
     * A signal that is not a number.
     *
     * @param signal its id, or what else is no number
     * @param place step, and checkpoint if it is known
     */
    public NonFiniteException(String signal, String place) {
      super(
          "non-finite %s at %s: the weights hold or lead to numbers beyond float32; check them with hbar inspect --weights, or fetch the checkpoint again"
              .formatted(signal, place));
    }
  }
}
