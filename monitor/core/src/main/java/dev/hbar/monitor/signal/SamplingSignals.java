package dev.hbar.monitor.signal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What only answers have that the model was asked for again: how much its samples differ from each
 * other, and from the given answer. The first four are of the question, so the answers of a record
 * share them.
 */
public final class SamplingSignals {
  private static final String NATS = "nats";

  /**
   * Semantic entropy (Farquhar and others, Nature 2024, equations 3 to 5; Kuhn and others, ICLR
   * 2023): of the meanings that the samples have, by the samples' length-normalized probabilities.
   */
  public static final Signal SEMANTIC_ENTROPY =
      Signal.given(
          "semantic_entropy",
          NATS,
          Polarity.HIGH,
          "-sum_c P(c) ln P(c), P(c) = sum of p(s) in c / sum of p(s), p(s) = exp(mean ln p[x])");

  /** The same by the samples' number: discrete semantic entropy (Farquhar and others, 2024). */
  public static final Signal SEMANTIC_ENTROPY_DISCRETE =
      Signal.given("semantic_entropy_discrete", NATS, Polarity.HIGH, "-sum_c n(c)/n ln(n(c)/n)");

  /**
   * Length-normalized predictive entropy (Malinin and Gales, ICLR 2021), which sees no meanings.
   */
  public static final Signal SAMPLED_ENTROPY =
      Signal.given("sampled_entropy", NATS, Polarity.HIGH, "-mean_s mean ln p[x]");

  /** Lexical dissimilarity of the samples (Kuhn and others, 2023, the baseline there). */
  public static final Signal LEXICAL_SPREAD =
      Signal.given(
          "lexical_spread", "", Polarity.HIGH, "1 - mean of ROUGE-L over pairs of samples");

  /** Self-consistency by meaning: the share of samples that mean something else. */
  public static final Signal SEMANTIC_DISSENT =
      Signal.given(
          "semantic_dissent", "", Polarity.HIGH, "1 - n(samples that mean the answer) / n");

  /** Self-consistency by words (SelfCheckGPT's question, by ROUGE-L: Manakul and others, 2023). */
  public static final Signal LEXICAL_DISSENT =
      Signal.given("lexical_dissent", "", Polarity.HIGH, "1 - mean of ROUGE-L(answer, sample)");

  /** All of them, in the order of the JSON. */
  public static final List<Signal> ALL =
      List.of(
          SEMANTIC_ENTROPY,
          SEMANTIC_ENTROPY_DISCRETE,
          SAMPLED_ENTROPY,
          LEXICAL_SPREAD,
          SEMANTIC_DISSENT,
          LEXICAL_DISSENT);

  private SamplingSignals() {}

  /**
   * Of one answer.
   *
   * @param meanings for every sample the number of its meaning, from 0
   * @param logprobs mean log-probability of every sample's tokens
   * @param agreeing how many samples mean what the answer means
   * @param overlaps ROUGE-L of the answer and every sample
   * @param spread mean of ROUGE-L over the pairs of samples
   */
  public static Map<Signal, Double> of(
      int[] meanings, double[] logprobs, int agreeing, double[] overlaps, double spread) {
    double n = meanings.length;
    double[] likelihoods = Arrays.stream(logprobs).map(Math::exp).toArray();
    double[] ones = new double[meanings.length];
    Arrays.fill(ones, 1);
    Map<Signal, Double> values = new LinkedHashMap<>();
    values.put(SEMANTIC_ENTROPY, entropy(meanings, likelihoods));
    values.put(SEMANTIC_ENTROPY_DISCRETE, entropy(meanings, ones));
    values.put(SAMPLED_ENTROPY, -Arrays.stream(logprobs).sum() / n);
    values.put(LEXICAL_SPREAD, 1 - spread);
    values.put(SEMANTIC_DISSENT, 1 - agreeing / n);
    values.put(LEXICAL_DISSENT, 1 - Arrays.stream(overlaps).sum() / n);
    return values;
  }

  /** Entropy of the classes of weighted things, in nats. */
  private static double entropy(int[] classOf, double[] weights) {
    double[] mass = new double[1 + Arrays.stream(classOf).max().orElseThrow()];
    for (int i = 0; i < classOf.length; i++) {
      mass[classOf[i]] += weights[i];
    }
    double all = Arrays.stream(weights).sum();
    double sum = 0;
    for (double one : mass) {
      double p = one / all;
      sum -= p > 0 ? p * Math.log(p) : 0;
    }
    return Math.max(0, sum);
  }
}
