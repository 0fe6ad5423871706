package dev.hbar.monitor.signal;

import java.util.Arrays;

/**
 * Perplexity score of a sample: the mean {@link Surprise} of its tokens, the logarithm of the
 * perplexity. A signal of the sample only; of a single token it is the surprise.
 *
 * <p>In nats, in [0, 23.03]. Direction: high = the model found its own text unlikely.
 * lm-polygraph's Perplexity, but for the ceiling of the surprise.
 */
public final class Perplexity {
  private Perplexity() {}

  /**
   * The score of one sample.
   *
   * @param surprises one per generated token, at least one
   */
  public static double of(double[] surprises) {
    return Arrays.stream(surprises).average().orElseThrow();
  }
}
