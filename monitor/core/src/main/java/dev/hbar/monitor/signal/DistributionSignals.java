package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import java.util.List;
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
  private static final float RELATIVE_DROP = 0.3f;

  /** Least drop; as many tokens as can exceed it are {@link TokenDistribution.Likeliest#MOST}. */
  static final float LEAST_DROP = 0.005f;

  /** Entropy, in [0, ln V]: high = the model is undecided. */
  public static final Signal ENTROPY =
      Signal.measured("entropy", NATS, Polarity.HIGH, "-sum p ln p", DistributionSignals::entropy);

  /** Of a sample: lm-polygraph's MeanTokenEntropy. */
  public static final Signal ENTROPY_MEAN =
      ENTROPY.as("entropy_mean", "mean of entropy", Aggregate.MEAN);

  /** Of a sample: the entropy of its most undecided token. */
  public static final Signal ENTROPY_MAX =
      ENTROPY.as("entropy_max", "largest entropy", Aggregate.MAX);

  /** Doubt about the likeliest token, in [0, 1). */
  public static final Signal MAX_PROB =
      signal(
          "max_prob",
          "",
          "1 - max p",
          graph -> graph.ops().divide(graph.distribution().unlikely(graph.step()), graph.total()));

  /** The second likeliest token less the likeliest, in (-1, 0]. uqlm's probability_margin. */
  public static final Signal MARGIN = signal("margin", "", "p2 - p1", DistributionSignals::margin);

  private static final Signal.Graph OVERLAP = DistributionSignals::uniformOverlap;

  /**
   * Renyi divergence of order 0.5 from the uniform distribution, negated, in [-ln V, 0].
   * lm-polygraph's RenyiNeg adds ln V where the divergence subtracts it: it is D - 2 ln V.
   */
  public static final Signal RENYI =
      Signal.measured(
              "renyi",
              NATS,
              Polarity.HIGH,
              "2 ln sum sqrt(q / V), q = softmax(z / 2)",
              OVERLAP,
              overlap -> 2 * Math.log(overlap))
          .scored(Aggregate.MEAN);

  /** Fisher-Rao distance from the uniform distribution, negated, in (-1, 0]. lm-polygraph's. */
  public static final Signal FISHER_RAO =
      Signal.measured(
              "fisher_rao",
              "",
              Polarity.HIGH,
              "-(2 / pi) arccos sum sqrt(q / V), q = softmax(z / 2)",
              OVERLAP,
              overlap -> -2 / Math.PI * Math.acos(Math.min(1, overlap)))
          .scored(Aggregate.MEAN);

  /**
   * Self-certainty, -KL(uniform || p), at most 0. It weighs every token of the vocabulary alike, so
   * the unlikely ones decide it. lm-polygraph's SelfCertainty.
   */
  public static final Signal SELF_CERTAINTY =
      signal("self_certainty", NATS, "mean ln p + ln V", DistributionSignals::selfCertainty);

  /** Negentropy of the likeliest tokens, negated, in [-1, 0]; uqlm reports 1 - H(r) / ln k. */
  public static final Signal TOPK_NEGENTROPY =
      signal(
          "topk_negentropy",
          "",
          "H(r) / ln k - 1, r the k = 15 largest p over their sum",
          DistributionSignals::topNegentropy);

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
          DistributionSignals::boosted);

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
  private static Signal signal(String id, String unit, String formula, Signal.Graph graph) {
    return Signal.measured(id, unit, Polarity.HIGH, formula, graph).scored(Aggregate.MEAN);
  }

  /**
   * ln total - sum e (z - max z) / total. Both terms are positive, and the first is taken as ln(1 +
   * all but the likeliest), so a confident row keeps its digits.
   */
  private static MlxArray entropy(StepGraph graph) {
    MlxOps ops = graph.ops();
    TokenDistribution p = graph.distribution();
    MlxArray weighted = graph.sum(ops.multiply(p.weights(), p.shifted()));
    return ops.subtract(ops.log1p(p.unlikely(graph.step())), ops.divide(weighted, graph.total()));
  }

  private static MlxArray margin(StepGraph graph) {
    MlxOps ops = graph.ops();
    MlxArray two = graph.likeliest().last(graph.step(), 2);
    return ops.subtract(ops.min(two, -1, false), ops.max(two, -1, false));
  }

  /**
   * Overlap (Bhattacharyya coefficient) of softmax(z / 2), the temperature of the published
   * estimators, with the uniform distribution, in [1 / sqrt(V), 1]: sqrt(q) is exp((z - max z) / 4)
   * over the root of its squares.
   */
  private static MlxArray uniformOverlap(StepGraph graph) {
    MlxOps ops = graph.ops();
    MlxArray quarters = graph.distribution().quarters();
    MlxArray roots = graph.sum(quarters);
    MlxArray squares = graph.sum(ops.square(quarters));
    MlxArray vocabulary = graph.scalar(quarters.dim(-1));
    return ops.multiply(roots, ops.rsqrt(ops.multiply(squares, vocabulary)));
  }

  private static MlxArray selfCertainty(StepGraph graph) {
    MlxOps ops = graph.ops();
    TokenDistribution p = graph.distribution();
    float logVocabulary = (float) Math.log(p.shifted().dim(-1));
    MlxArray mean = ops.mean(p.shifted(), -1, false);
    MlxArray logProbability = ops.subtract(mean, ops.log1p(p.unlikely(graph.step())));
    return ops.add(logProbability, graph.scalar(logVocabulary));
  }

  private static MlxArray topNegentropy(StepGraph graph) {
    MlxOps ops = graph.ops();
    TokenDistribution.Likeliest likeliest = graph.likeliest();
    MlxArray top = likeliest.last(graph.step(), Math.min(K, likeliest.count()));
    MlxArray r = ops.divide(top, ops.sum(top, -1, true));
    // An underflowed token would be 0 ln 0 = NaN; this makes it 0.
    MlxArray logs = ops.log(ops.maximum(r, graph.scalar(Float.MIN_NORMAL)));
    MlxArray scale = graph.scalar((float) (-1 / Math.log(top.dim(1))));
    MlxArray share = ops.multiply(ops.sum(ops.multiply(r, logs), -1, false), scale);
    return ops.subtract(share, graph.scalar(1f));
  }

  /** Fewer than 200 tokens can be above the least drop, so the likeliest ones decide. */
  private static MlxArray boosted(StepGraph graph) {
    MlxOps ops = graph.ops();
    TokenDistribution.Likeliest likeliest = graph.likeliest();
    MlxArray all = likeliest.ascending();
    MlxArray upper = likeliest.last(graph.step(), likeliest.count() - 1);
    MlxArray lower =
        ops.slice(all, new int[] {0, 0}, new int[] {all.dim(0), likeliest.count() - 1});
    MlxArray drop = ops.subtract(upper, lower);
    MlxArray relative = ops.multiply(upper, graph.scalar(RELATIVE_DROP));
    MlxArray cut =
        ops.logicalAnd(ops.greater(drop, relative), ops.greater(drop, graph.scalar(LEAST_DROP)));
    MlxArray bound =
        ops.min(ops.where(cut, upper, graph.scalar(Float.POSITIVE_INFINITY)), -1, true);
    MlxArray dominant = graph.sum(ops.where(ops.greaterEqual(all, bound), all, graph.scalar(0f)));
    MlxArray own = ops.divide(graph.distribution().chosen(), graph.total());
    MlxArray isDominant = ops.greaterEqual(own, ops.squeeze(bound, 1));
    return ops.negative(ops.where(isDominant, dominant, own));
  }
}
