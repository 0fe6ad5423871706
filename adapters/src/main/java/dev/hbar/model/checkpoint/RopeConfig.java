package dev.hbar.model.checkpoint;

import java.util.List;

/**
 * Which rotary position embedding a checkpoint was trained with. Names and meanings are those of
 * Hugging Face transformers; defaults are filled in, so that every number is ready for use.
 */
public sealed interface RopeConfig {
  /** The base of the wavelengths. */
  double theta();

  /**
   * The longest sequence in tokens that this rope serves. Linear, dynamic and yarn configs leave
   * {@code max_position_embeddings} as it was before the stretch.
   */
  default int context(int maxPositionEmbeddings) {
    double stretched =
        switch (this) {
          case Linear linear -> maxPositionEmbeddings * linear.factor();
          case Dynamic dynamic -> maxPositionEmbeddings * dynamic.factor();
          case Yarn yarn -> yarn.originalMaxPositions() * yarn.factor();
          case Plain plain -> maxPositionEmbeddings;
          case Proportional proportional -> maxPositionEmbeddings;
          case Llama3 llama3 -> maxPositionEmbeddings;
          case LongRope longRope -> maxPositionEmbeddings;
        };
    return Math.max(maxPositionEmbeddings, (int) stretched);
  }

  /** Frequencies as they are. */
  record Plain(double theta) implements RopeConfig {}

  /**
   * A share of the frequencies turns, by the exponents of the whole head and {@code factor} times
   * slower; the others stand still.
   */
  record Proportional(double theta, double share, double factor) implements RopeConfig {}

  /** Positions divided by {@code factor}. */
  record Linear(double theta, double factor) implements RopeConfig {}

  /**
   * The base grows with the sequence once it is longer than {@code originalMaxPositions}, which is
   * the checkpoint's {@code max_position_embeddings}.
   */
  record Dynamic(double theta, double factor, int originalMaxPositions) implements RopeConfig {}

  /**
   * Long wavelengths are divided by {@code factor}, short ones kept, those between blended; {@code
   * lowFreqFactor} is below {@code highFreqFactor}.
   */
  record Llama3(
      double theta,
      double factor,
      double lowFreqFactor,
      double highFreqFactor,
      int originalMaxPositions)
      implements RopeConfig {}

  /**
   * A ramp between interpolated and kept frequencies.
   *
   * @param attentionFactor multiplies the cosines and sines
   * @param truncate whether the ends of the ramp are rounded to whole dimensions
   */
  record Yarn(
      double theta,
      double factor,
      double attentionFactor,
      double betaFast,
      double betaSlow,
      int originalMaxPositions,
      boolean truncate)
      implements RopeConfig {}

  /**
   * One factor per frequency; the short ones up to {@code originalMaxPositions}, the long ones
   * beyond.
   *
   * @param attentionFactor multiplies the cosines and sines
   * @param longAttentionFactor multiplies them beyond
   */
  record LongRope(
      double theta,
      List<Double> shortFactor,
      List<Double> longFactor,
      double attentionFactor,
      double longAttentionFactor,
      int originalMaxPositions)
      implements RopeConfig {
    /** Copies the lists, which have half as many entries as dimensions are rotated. */
    public LongRope {
      shortFactor = List.copyOf(shortFactor);
      longFactor = List.copyOf(longFactor);
    }

    /** The attention factor of a model whose context was stretched by {@code factor}. */
    public static double attention(double factor, int originalMaxPositions) {
      return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalMaxPositions));
    }
  }
}
