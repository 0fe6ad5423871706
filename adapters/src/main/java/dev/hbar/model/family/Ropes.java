package dev.hbar.model.family;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.layer.Rope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/**
 * Builds the rotary embedding that a config names, as transformers' modeling_rope_utils defines it.
 * MLX takes periods, which are 1/inverse frequency.
 */
final class Ropes {
  private final MlxScope model;
  private final RopeRecipe recipe;
  private final int maxPositions;
  private final int dims;

  private Ropes(MlxScope model, RopeRecipe recipe, int maxPositions) {
    this.model = model;
    this.recipe = recipe;
    this.maxPositions = maxPositions;
    this.dims = recipe.dims();
  }

  /** The rope that config.json names; its arrays belong to {@code model}. */
  static Rope of(MlxScope model, ModelConfig config, LoadOptions options) {
    return of(model, RopeRecipe.of(config), config.maxPositionEmbeddings(), options);
  }

  /** The rope of one kind of layers; its arrays belong to {@code model}. */
  static Rope of(MlxScope model, RopeRecipe recipe, int maxPositions, LoadOptions options) {
    Ropes ropes = new Ropes(model, recipe, maxPositions);
    return recipe.kind().map(kind -> ropes.of(kind, options.ropeReference())).orElse(Rope.NONE);
  }

  private Rope of(RopeConfig kind, RopeReference reference) {
    return switch (kind) {
      case RopeConfig.Plain plain -> base(plain.theta(), 1);
      case RopeConfig.Linear linear -> base(linear.theta(), 1 / linear.factor());
      case RopeConfig.Dynamic dynamic ->
          new Rope.Dynamic(
              dims,
              recipe.interleaved(),
              dynamic.theta(),
              dynamic.factor(),
              dynamic.originalMaxPositions());
      case RopeConfig.Llama3 llama3 -> periods(llama3Periods(dims, llama3), 1);
      case RopeConfig.Yarn yarn -> periods(yarnPeriods(dims, yarn), yarn.attentionFactor());
      case RopeConfig.LongRope longRope -> longRope(longRope, reference);
      case RopeConfig.Proportional share -> periods(proportionalPeriods(dims, share), 1);
    };
  }

  private Rope base(double theta, double scale) {
    return new Rope.Base(dims, recipe.interleaved(), (float) theta, (float) scale);
  }

  private Rope longRope(RopeConfig.LongRope rope, RopeReference reference) {
    int original = rope.originalMaxPositions();
    float[] beyond = longRopePeriods(rope.theta(), rope.longFactor());
    return switch (reference) {
      case MLX_LM ->
          periods(
              beyond, RopeConfig.LongRope.attention((double) maxPositions / original, original));
      case TRANSFORMERS -> {
        float[] within = longRopePeriods(rope.theta(), rope.shortFactor());
        yield new Rope.LongRope(
            periods(within, rope.attentionFactor()),
            periods(beyond, rope.longAttentionFactor()),
            original);
      }
    };
  }

  private Rope periods(float[] periods, double gain) {
    Optional<MlxArray> gains = gain == 1 ? Optional.empty() : Optional.of(gains((float) gain));
    return new Rope.Periods(
        dims, recipe.interleaved(), model.floats(periods, periods.length), gains);
  }

  /** The gain in the rotated dimensions, 1 in the others. */
  private MlxArray gains(float gain) {
    float[] values = new float[recipe.headDim()];
    Arrays.fill(values, 1f);
    Arrays.fill(values, 0, dims, gain);
    return model.floats(values, values.length);
  }

  /**
   * Wavelengths above originalMax/lowFreqFactor are stretched by the factor, those below
   * originalMax/highFreqFactor kept, and frequencies between are blended linearly in
   * originalMax/wavelength.
   */
  static float[] llama3Periods(int dims, RopeConfig.Llama3 rope) {
    double low = rope.lowFreqFactor();
    double high = rope.highFreqFactor();
    return periods(
        dims,
        i -> {
          double period = period(rope.theta(), i, dims);
          double turns = rope.originalMaxPositions() / (2 * Math.PI * period);
          double kept = Math.clamp((turns - low) / (high - low), 0.0, 1.0);
          return blended(period, rope.factor(), kept);
        });
  }

  /**
   * Frequencies that turn more than betaFast times within the original length are kept, those that
   * turn less than betaSlow times divided by the factor, those between blended linearly in i.
   */
  static float[] yarnPeriods(int dims, RopeConfig.Yarn rope) {
    double fast = yarnDimension(dims, rope, rope.betaFast());
    double slow = yarnDimension(dims, rope, rope.betaSlow());
    double low = Math.max(rope.truncate() ? Math.floor(fast) : fast, 0);
    double high = Math.min(rope.truncate() ? Math.ceil(slow) : slow, dims - 1.0);
    // As in the reference: an empty ramp is a step.
    double width = low == high ? 0.001 : high - low;
    return periods(
        dims,
        i -> {
          double ramp = Math.clamp((i - low) / width, 0.0, 1.0);
          return blended(period(rope.theta(), i, dims), rope.factor(), 1 - ramp);
        });
  }

  /** The (fractional) index of the frequency that turns so often within the original length. */
  private static double yarnDimension(int dims, RopeConfig.Yarn rope, double turns) {
    double period = rope.originalMaxPositions() / (turns * 2 * Math.PI);
    return dims * Math.log(period) / (2 * Math.log(rope.theta()));
  }

  /** One factor per frequency. */
  static float[] longRopePeriods(double theta, List<Double> factors) {
    int dims = 2 * factors.size();
    return periods(dims, i -> factors.get(i) * period(theta, i, dims));
  }

  /** Frequencies that stand still have an endless period. */
  static float[] proportionalPeriods(int dims, RopeConfig.Proportional rope) {
    int turning = (int) Math.floor(rope.share() * dims / 2);
    return periods(
        dims,
        i ->
            i < turning ? rope.factor() * period(rope.theta(), i, dims) : Double.POSITIVE_INFINITY);
  }

  private static double period(double theta, int i, int dims) {
    return Math.pow(theta, 2.0 * i / dims);
  }

  /** The period of kept/period + (1 - kept)/(factor period). */
  private static double blended(double period, double factor, double kept) {
    return 1 / ((1 - kept) / (factor * period) + kept / period);
  }

  private static float[] periods(int dims, IntToDoubleFunction ofFrequency) {
    float[] periods = new float[dims / 2];
    for (int i = 0; i < periods.length; i++) {
      periods[i] = (float) ofFrequency.applyAsDouble(i);
    }
    return periods;
  }
}
