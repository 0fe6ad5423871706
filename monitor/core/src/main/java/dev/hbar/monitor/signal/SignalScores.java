package dev.hbar.monitor.signal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The scores of one sample, all finite. The study's signals and the hidden drifts are the {@link
 * TopFiveMean} over the tokens, as the study does it; the signals of other tools are the mean over
 * all tokens, as those tools do it, and of the entropy also the largest.
 *
 * @param hbar semantic uncertainty
 * @param pri Predictive Rupture Index, nats
 * @param surprise nats
 * @param dmu delta_mu
 * @param dsigma delta_sigma
 * @param dh hidden drift
 * @param more further signals by their JSON names, in the order of the JSON: perplexity (see {@link
 *     Perplexity}), entropy_mean, entropy_max, and the others of {@link TokenSignals#more()} under
 *     their names; empty in files written before there were any
 */
public record SignalScores(
    double hbar,
    double pri,
    double surprise,
    double dmu,
    double dsigma,
    double dh,
    Map<String, Double> more) {
  /** Names of the first six, in the order of the JSON. */
  public static final List<String> STUDY =
      List.of("hbar", "pri", "surprise", "dmu", "dsigma", "dh");

  private static final String ENTROPY = "entropy";

  /** Refuses NaN and infinities: such a sample is an error, not a score. */
  public SignalScores {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    double all = hbar + pri + surprise + dmu + dsigma + dh;
    if (!Double.isFinite(all) || !more.values().stream().allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("a score must be a finite number");
    }
  }

  /** Without further signals. */
  public SignalScores(
      double hbar, double pri, double surprise, double dmu, double dsigma, double dh) {
    this(hbar, pri, surprise, dmu, dsigma, dh, Map.of());
  }

  /** The first six by name, in the order of the JSON. */
  public Map<String, Double> study() {
    double[] values = {hbar, pri, surprise, dmu, dsigma, dh};
    Map<String, Double> study = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      study.put(STUDY.get(i), values[i]);
    }
    return study;
  }

  /**
   * Names of all scores that a run writes, in the order of the JSON.
   *
   * @param driftLayers blocks whose hidden drift is measured as well
   */
  public static List<String> names(List<Integer> driftLayers) {
    List<String> names = new ArrayList<>(STUDY);
    names.add("perplexity");
    for (String name : TokenSignals.DISTRIBUTION) {
      names.addAll(name.equals(ENTROPY) ? List.of("entropy_mean", "entropy_max") : List.of(name));
    }
    driftLayers.forEach(layer -> names.add("drift_" + layer));
    return List.copyOf(names);
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
        top(tokens, TokenSignals::dh),
        further(tokens));
  }

  private static Map<String, Double> further(List<TokenSignals> tokens) {
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("perplexity", Perplexity.of(values(tokens, TokenSignals::surprise)));
    for (String name : tokens.getFirst().more().keySet()) {
      // The token that ends a text has no state of its own for a detector.
      List<TokenSignals> having =
          tokens.stream().filter(token -> token.more().containsKey(name)).toList();
      double[] values = values(having, token -> token.more().get(name));
      if (name.equals(ENTROPY)) {
        scores.put("entropy_mean", mean(values));
        scores.put("entropy_max", Arrays.stream(values).max().orElseThrow());
      } else {
        scores.put(name, name.startsWith("drift_") ? TopFiveMean.of(values) : mean(values));
      }
    }
    return scores;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double top(List<TokenSignals> tokens, ToDoubleFunction<TokenSignals> signal) {
    return TopFiveMean.of(values(tokens, signal));
  }

  private static double[] values(List<TokenSignals> tokens, ToDoubleFunction<TokenSignals> signal) {
    return tokens.stream().mapToDouble(signal).toArray();
  }
}
