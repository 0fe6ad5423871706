package dev.hbar.study.states;

import dev.hbar.monitor.signal.SignalScores;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the model says about a given answer.
 *
 * @param promptTokens tokens before the answer
 * @param tokens one per token of the answer
 * @param bareLogprobs log-probabilities of the answer's tokens without the context
 * @param yesMinusNo logit of Yes less that of No after the whole prompt
 */
public record GivenScore(
    int promptTokens, List<TokenScore> tokens, double[] bareLogprobs, double yesMinusNo) {
  /** Names of what only a given answer has, in their order. */
  static final List<String> OF_GIVEN =
      List.of(
          "logprob_mean",
          "logprob_min",
          "logprob_sum",
          "log_rank_mean",
          "bare_logprob_mean",
          "context_gain",
          "yes_no");

  /** Copies the list. */
  public GivenScore {
    tokens = List.copyOf(tokens);
  }

  /** The tokens' signals. */
  public List<TokenSignals> signals() {
    return tokens.stream().map(TokenScore::signals).toList();
  }

  /**
   * What only a given answer has: log-probability as mean, minimum and sum, the mean logarithm of
   * the rank, the mean log-probability without context, what the context adds to it (nats a token),
   * and the logit of Yes less that of No.
   */
  public Map<String, Double> ofGivenAnswer() {
    double sum = sum(TokenScore::logprob);
    double mean = sum / tokens.size();
    double bare = Arrays.stream(bareLogprobs).average().orElseThrow();
    double least = tokens.stream().mapToDouble(TokenScore::logprob).min().orElseThrow();
    double rank = sum(token -> Math.log(token.rank())) / tokens.size();
    double[] values = {mean, least, sum, rank, bare, mean - bare, yesMinusNo};
    Map<String, Double> named = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      named.put(OF_GIVEN.get(i), values[i]);
    }
    return named;
  }

  /** {@link #ofGivenAnswer} and the aggregates of {@link SignalScores}. */
  public Map<String, Double> aggregates() {
    Map<String, Double> all = new LinkedHashMap<>(ofGivenAnswer());
    SignalScores scores = SignalScores.of(signals());
    all.put("hbar", scores.hbar());
    all.put("pri", scores.pri());
    all.put("surprise", scores.surprise());
    all.put("dmu", scores.dmu());
    all.put("dsigma", scores.dsigma());
    all.put("dh", scores.dh());
    all.putAll(scores.more());
    return all;
  }

  private double sum(ToDoubleFunction<TokenScore> value) {
    return tokens.stream().mapToDouble(value).sum();
  }
}
