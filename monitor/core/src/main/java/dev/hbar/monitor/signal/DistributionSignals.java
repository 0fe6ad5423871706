package dev.hbar.monitor.signal;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The single-pass signals that other tools report, each a function of the distribution that the
 * token was taken from and oriented so that high = unsure. V is the size of the vocabulary. A new
 * one is a constant here and its place in {@link #ALL}.
 */
public final class DistributionSignals {
  private static final String NATS = "nats";

  /** Number of tokens of {@link #TOPK_NEGENTROPY}; all, if the vocabulary is smaller. */
  private static final int K = 15;

  /** Least drop between dominant tokens and the next, as a share of the probability before it. */
  private static final double RELATIVE_DROP = 0.3;

  /** Least drop; as many tokens as can exceed it are {@link TopLogits#MOST}. */
  static final double LEAST_DROP = 0.005;

  /** Entropy, in [0, ln V]: high = the model is undecided. */
  public static final Signal ENTROPY =
      Signal.measured(
          "entropy",
          NATS,
          Polarity.HIGH,
          "-sum p ln p",
          DistributionSignals::entropy,
          Reduction.CHOSEN,
          Reduction.SUMS);

  /** Of a sample: lm-polygraph's MeanTokenEntropy. */
  public static final Signal ENTROPY_MEAN =
      ENTROPY.as("entropy_mean", "mean of entropy", Aggregate.MEAN);

  /** Of a sample: the entropy of its most undecided token. */
  public static final Signal ENTROPY_MAX =
      ENTROPY.as("entropy_max", "largest entropy", Aggregate.MAX);

  /** Doubt about the likeliest token, in [0, 1). */
  public static final Signal MAX_PROB =
      signal("max_prob", "", "1 - max p", row -> row.unlikely() / row.total(), Reduction.CHOSEN);

  /** The second likeliest token less the likeliest, in (-1, 0]. uqlm's probability_margin. */
  public static final Signal MARGIN =
      signal(
          "margin",
          "",
          "p2 - p1",
          row -> Math.expm1(row.likeliest()[1]) / row.total(),
          Reduction.CHOSEN,
          Reduction.LIKELIEST);

  /**
   * Renyi divergence of order 0.5 from the uniform distribution, negated, in [-ln V, 0].
   * lm-polygraph's RenyiNeg adds ln V where the divergence subtracts it: it is D - 2 ln V.
   */
  public static final Signal RENYI =
      signal(
          "renyi",
          NATS,
          "2 ln sum sqrt(q / V), q = softmax(z / 2)",
          row -> 2 * Math.log(uniformOverlap(row)),
          Reduction.SUMS);

  /** Fisher-Rao distance from the uniform distribution, negated, in (-1, 0]. lm-polygraph's. */
  public static final Signal FISHER_RAO =
      signal(
          "fisher_rao",
          "",
          "-(2 / pi) arccos sum sqrt(q / V), q = softmax(z / 2)",
          row -> -2 / Math.PI * Math.acos(Math.min(1, uniformOverlap(row))),
          Reduction.SUMS);

  /**
   * Self-certainty, -KL(uniform || p), at most 0. It weighs every token of the vocabulary alike, so
   * the unlikely ones decide it. lm-polygraph's SelfCertainty.
   */
  public static final Signal SELF_CERTAINTY =
      signal(
          "self_certainty",
          NATS,
          "mean ln p + ln V",
          row -> row.meanShift() - Math.log1p(row.unlikely()) + Math.log(row.vocabulary()),
          Reduction.CHOSEN,
          Reduction.SUMS);

  /** Negentropy of the likeliest tokens, negated, in [-1, 0]; uqlm reports 1 - H(r) / ln k. */
  public static final Signal TOPK_NEGENTROPY =
      signal(
          "topk_negentropy",
          "",
          "H(r) / ln k - 1, r the k = 15 largest p over their sum",
          DistributionSignals::topNegentropy,
          Reduction.LIKELIEST);

  /**
   * BoostedProb, negated, in [-1, 0]. With p in descending order, the dominant tokens are those up
   * to the last one whose drop to the next, p_i - p_(i+1), is above 0.3 p_i and above 0.005: each
   * has the sum over all of them, another token its own probability. lm-polygraph's
   * BoostedProbSequence.
   */
  public static final Signal BOOSTED_PROB =
      signal(
          "boosted_prob",
          "",
          "-(sum of the dominant p, or p[x] if x is not among them)",
          DistributionSignals::boosted,
          Reduction.CHOSEN,
          Reduction.LIKELIEST);

  /** Those of a token, in the order of the JSON. */
  public static final List<Signal> ALL =
      List.of(
          ENTROPY,
          MAX_PROB,
          MARGIN,
          RENYI,
          FISHER_RAO,
          SELF_CERTAINTY,
          TOPK_NEGENTROPY,
          BOOSTED_PROB);

  /** Those of a sample, in the order of the JSON. */
  static final List<Signal> SCORES =
      ALL.stream()
          .flatMap(
              signal ->
                  signal == ENTROPY ? Stream.of(ENTROPY_MEAN, ENTROPY_MAX) : Stream.of(signal))
          .toList();

  private DistributionSignals() {}

  /** Of a sample the mean, as the tools do it. */
  private static Signal signal(
      String id, String unit, String formula, ToDoubleFunction<Reduced> onHost, Reduction... of) {
    return Signal.measured(id, unit, Polarity.HIGH, formula, onHost, of).scored(Aggregate.MEAN);
  }

  /**
   * ln total - sum e (z - max z) / total. Both terms are positive, and the first is taken as ln(1 +
   * all but the likeliest), so a confident row keeps its digits.
   */
  private static double entropy(Reduced row) {
    return Math.log1p(row.unlikely()) - row.weightedShifts() / row.total();
  }

  /**
   * Overlap (Bhattacharyya coefficient) of softmax(z / 2), the temperature of the published
   * estimators, with the uniform distribution, in [1 / sqrt(V), 1]: sqrt(q) is exp((z - max z) / 4)
   * over the root of its squares.
   */
  private static double uniformOverlap(Reduced row) {
    return row.quarters() / Math.sqrt(row.halves() * row.vocabulary());
  }

  private static double topNegentropy(Reduced row) {
    double[] top = row.likeliest();
    int k = Math.min(K, top.length);
    double total = Arrays.stream(top, 0, k).map(Math::exp).sum();
    double negentropy = 0;
    for (int i = 0; i < k; i++) {
      double r = Math.exp(top[i]) / total;
      // An underflowed token would be 0 ln 0 = NaN.
      negentropy += r == 0 ? 0 : r * Math.log(r);
    }
    return -negentropy / Math.log(k) - 1;
  }

  /** Fewer than 200 tokens can be above the least drop, so the likeliest ones decide. */
  private static double boosted(Reduced row) {
    double[] top = row.likeliest();
    double total = row.total();
    double sum = 0;
    double dominant = 0;
    double last = Double.POSITIVE_INFINITY;
    for (int i = 0; i + 1 < top.length; i++) {
      double p = Math.exp(top[i]) / total;
      double drop = p - Math.exp(top[i + 1]) / total;
      sum += p;
      if (drop > RELATIVE_DROP * p && drop > LEAST_DROP) {
        last = top[i];
        dominant = sum;
      }
    }
    return -(row.isChosenAtLeast(last) ? dominant : row.chosen() / total);
  }
}
