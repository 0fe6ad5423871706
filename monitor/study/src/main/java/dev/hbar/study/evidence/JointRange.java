package dev.hbar.study.evidence;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Between which values a probability lies on its samples.
 *
 * @param low the least
 * @param high the largest
 */
public record JointRange(double low, double high) {
  /** Below it every answer has the same probability, give or take nothing. */
  public static final double LEAST = 0.05;

  /** The range of these probabilities, at least one. */
  public static JointRange of(double[] probabilities) {
    return new JointRange(
        Arrays.stream(probabilities).min().orElseThrow(),
        Arrays.stream(probabilities).max().orElseThrow());
  }

  /** What is wrong with it, if something is. */
  public Optional<String> warning() {
    return high - low < LEAST
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the joint probability is nearly the same for every sample, %.4f to %.4f: it says"
                    + " nothing",
                low,
                high))
        : Optional.empty();
  }
}
