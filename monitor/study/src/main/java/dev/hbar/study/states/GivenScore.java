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

  /** Copies the list. */
  public GivenScore {
    tokens = List.copyOf(tokens);
  }

  /** The tokens' signals. */
  public List<TokenSignals> signals() {
    return tokens.stream().map(TokenScore::signals).toList();
  }

  /**
   * The answer in numbers: logprob_mean, logprob_min, logprob_sum, log_rank_mean, the same answer
   * without context (bare_logprob_mean), what the context adds to it (context_gain, nats a token),
   * yes_no, and the aggregates of {@link SignalScores}.
   */
  public Map<String, Double> aggregates() {
    Map<String, Double> all = new LinkedHashMap<>();
    double sum = sum(TokenScore::logprob);
    double bare = Arrays.stream(bareLogprobs).sum();
    int n = tokens.size();
    all.put("logprob_mean", sum / n);
    all.put("logprob_min", tokens.stream().mapToDouble(TokenScore::logprob).min().orElseThrow());
    all.put("logprob_sum", sum);
    all.put("log_rank_mean", sum(token -> Math.log(token.rank())) / n);
    all.put("bare_logprob_mean", bare / bareLogprobs.length);
    all.put("context_gain", sum / n - bare / bareLogprobs.length);
    all.put("yes_no", yesMinusNo);
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
