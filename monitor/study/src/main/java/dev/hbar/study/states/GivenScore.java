package dev.hbar.study.states;

import dev.hbar.monitor.signal.GivenSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the model says about a given answer.
 *
 * @param promptTokens tokens before the answer
 * @param tokens one per token of the answer
 * @param bareLogprobs log-probabilities of the answer's tokens without the context
 * @param yesMinusNo logit of Yes less that of No after the whole prompt
 */
public record GivenScore(
    int promptTokens, List<Token> tokens, double[] bareLogprobs, double yesMinusNo) {
  /**
   * One token of a given answer.
   *
   * @param logprob natural logarithm of its probability after what stands before it
   * @param rank 1 for the likeliest token
   * @param signals those of a generated token, from the same logits and states
   */
  public record Token(double logprob, int rank, TokenSignals signals) {}

  /** Copies the list. */
  public GivenScore {
    tokens = List.copyOf(tokens);
  }

  /** The tokens' signals. */
  public List<TokenSignals> signals() {
    return tokens.stream().map(Token::signals).toList();
  }

  /** What only a given answer has. */
  public Map<Signal, Double> ofGivenAnswer() {
    return GivenSignals.of(
        tokens.stream().mapToDouble(Token::logprob).toArray(),
        tokens.stream().mapToInt(Token::rank).toArray(),
        bareLogprobs,
        yesMinusNo);
  }

  /** {@link #ofGivenAnswer} and the scores of its tokens. */
  public Map<String, Double> aggregates() {
    Map<String, Double> all = new LinkedHashMap<>();
    ofGivenAnswer().forEach((signal, value) -> all.put(signal.id(), value));
    TokenSignals.scores(signals()).forEach((signal, value) -> all.put(signal.id(), value));
    return all;
  }
}
