package dev.hbar.monitor.signal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What only a given answer has, of the whole answer: how likely the model finds it. A likely one
 * counts as right.
 */
public final class GivenSignals {
  private static final String NATS = "nats";

  /** Mean log-probability of its tokens. */
  public static final Signal LOGPROB_MEAN =
      Signal.given("logprob_mean", NATS, Polarity.LOW, "mean ln p[x]");

  /** Log-probability of its least likely token. */
  public static final Signal LOGPROB_MIN =
      Signal.given("logprob_min", NATS, Polarity.LOW, "least ln p[x]");

  /** Log-probability of the answer. */
  public static final Signal LOGPROB_SUM =
      Signal.given("logprob_sum", NATS, Polarity.LOW, "sum ln p[x]");

  /** Mean logarithm of its tokens' ranks, 1 for the likeliest. */
  public static final Signal LOG_RANK_MEAN =
      Signal.given("log_rank_mean", "", Polarity.HIGH, "mean ln rank(x)");

  /** Mean log-probability of its tokens without the context. */
  public static final Signal BARE_LOGPROB_MEAN =
      Signal.given("bare_logprob_mean", NATS, Polarity.LOW, "mean ln p[x] without context");

  /** What the context adds to the log-probability of a token. */
  public static final Signal CONTEXT_GAIN =
      Signal.given("context_gain", NATS, Polarity.LOW, "logprob_mean - bare_logprob_mean");

  /** What the model says when it is asked. */
  public static final Signal YES_NO =
      Signal.given("yes_no", NATS, Polarity.LOW, "z[Yes] - z[No] after the prompt");

  /** All of them, in the order of the JSON. */
  public static final List<Signal> ALL =
      List.of(
          LOGPROB_MEAN,
          LOGPROB_MIN,
          LOGPROB_SUM,
          LOG_RANK_MEAN,
          BARE_LOGPROB_MEAN,
          CONTEXT_GAIN,
          YES_NO);

  private GivenSignals() {}

  /**
   * Of one answer.
   *
   * @param logprobs ln p of each token after what stands before it, at least one
   * @param ranks of each token, 1 for the likeliest
   * @param bare ln p of each token without the context
   * @param yesMinusNo logit of Yes less that of No after the whole prompt
   */
  public static Map<Signal, Double> of(
      double[] logprobs, int[] ranks, double[] bare, double yesMinusNo) {
    double mean = Arrays.stream(logprobs).sum() / logprobs.length;
    double bareMean = Arrays.stream(bare).average().orElseThrow();
    Map<Signal, Double> values = new LinkedHashMap<>();
    values.put(LOGPROB_MEAN, mean);
    values.put(LOGPROB_MIN, Arrays.stream(logprobs).min().orElseThrow());
    values.put(LOGPROB_SUM, Arrays.stream(logprobs).sum());
    values.put(LOG_RANK_MEAN, IntStream.of(ranks).mapToDouble(Math::log).sum() / ranks.length);
    values.put(BARE_LOGPROB_MEAN, bareMean);
    values.put(CONTEXT_GAIN, mean - bareMean);
    values.put(YES_NO, yesMinusNo);
    return values;
  }
}
