package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The single-pass signals that other tools report, under their names in score files and in that
 * order. Each is oriented so that high = uncertain.
 */
final class DistributionSignals {
  /** Numbers per row in the graph. */
  static final int WIDTH = 7;

  private DistributionSignals() {}

  /** What {@link #read} needs, float32 [B] each. */
  static MlxArray[] measure(MlxScope step, TokenDistribution p) {
    LikeliestTokens likeliest = LikeliestTokens.of(step, p);
    return new MlxArray[] {
      TokenEntropy.of(step, p),
      MaxProbability.of(step, p),
      ProbabilityMargin.of(step, likeliest),
      UniformOverlap.of(step, p),
      SelfCertainty.of(step, p),
      TopKNegentropy.of(step, likeliest),
      BoostedProbability.of(step, p, likeliest)
    };
  }

  /**
   * Adds one row's signals by name.
   *
   * @param measured numbers of the row
   * @param at where those of {@link #measure} begin
   */
  static void read(float[] measured, int at, Map<String, Double> signals) {
    double overlap = measured[at + 3];
    signals.put("entropy", (double) measured[at]);
    signals.put("max_prob", (double) measured[at + 1]);
    signals.put("margin", (double) measured[at + 2]);
    signals.put("renyi", RenyiDivergence.of(overlap));
    signals.put("fisher_rao", FisherRaoDistance.of(overlap));
    signals.put("self_certainty", (double) measured[at + 4]);
    signals.put("topk_negentropy", (double) measured[at + 5]);
    signals.put("boosted_prob", (double) measured[at + 6]);
  }

  /** The same from plain Java, the oracle. */
  static Map<String, Double> of(float[] logits, int token, int step) {
    double overlap = UniformOverlap.of(logits, step);
    Map<String, Double> signals = new LinkedHashMap<>();
    signals.put("entropy", TokenEntropy.of(logits, step));
    signals.put("max_prob", MaxProbability.of(logits, step));
    signals.put("margin", ProbabilityMargin.of(logits, step));
    signals.put("renyi", RenyiDivergence.of(overlap));
    signals.put("fisher_rao", FisherRaoDistance.of(overlap));
    signals.put("self_certainty", SelfCertainty.of(logits, step));
    signals.put("topk_negentropy", TopKNegentropy.of(logits, step));
    signals.put("boosted_prob", BoostedProbability.of(logits, token, step));
    return signals;
  }
}
