package dev.hbar.family;

import dev.hbar.checkpoint.CheckpointException;
import dev.hbar.checkpoint.ModelConfig;
import dev.hbar.checkpoint.RopeConfig;
import dev.hbar.layer.Rope;
import dev.hbar.mlx.MlxScope;

/** Builds the rotary embedding that a config names, as transformers defines it. */
final class Ropes {
  private Ropes() {}

  static Rope of(MlxScope model, ModelConfig config) {
    int dims = config.rotaryDim();
    return switch (config.rope()) {
      case RopeConfig.Plain plain -> new Rope.Base(dims, (float) plain.theta(), 1f);
      case RopeConfig.Linear linear ->
          new Rope.Base(dims, (float) linear.theta(), (float) (1 / linear.factor()));
      case RopeConfig.Llama3 llama3 -> periods(model, dims, llama3Periods(dims, llama3));
      case RopeConfig.Dynamic kind -> throw unsupported(config, "dynamic");
      case RopeConfig.Yarn kind -> throw unsupported(config, "yarn");
      case RopeConfig.LongRope kind -> throw unsupported(config, "longrope");
    };
  }

  private static Rope periods(MlxScope model, int dims, float[] periods) {
    return new Rope.Periods(dims, model.floats(periods, periods.length));
  }

  /**
   * Wavelengths above originalMax/lowFreqFactor are stretched by the factor, those below
   * originalMax/highFreqFactor kept, and frequencies between are blended linearly in
   * originalMax/wavelength. MLX takes periods, 1/inverse frequency.
   */
  static float[] llama3Periods(int dims, RopeConfig.Llama3 rope) {
    double low = rope.lowFreqFactor();
    double high = rope.highFreqFactor();
    float[] periods = new float[dims / 2];
    for (int i = 0; i < periods.length; i++) {
      double period = Math.pow(rope.theta(), 2.0 * i / dims);
      double wavelength = 2 * Math.PI * period;
      double turns = rope.originalMaxPositions() / wavelength;
      double smooth = Math.clamp((turns - low) / (high - low), 0.0, 1.0);
      double frequency = (1 - smooth) / (rope.factor() * period) + smooth / period;
      periods[i] = (float) (1 / frequency);
    }
    return periods;
  }

  private static CheckpointException unsupported(ModelConfig config, String kind) {
    return CheckpointException.inField(
        config.file(),
        "rope_scaling",
        "rope type " + kind + " is not computed for " + config.modelType(),
        "use a checkpoint with plain, linear or llama3 rope");
  }
}
