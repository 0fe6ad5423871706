package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.layer.Gating;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** gpt-oss: sinks, a window on every second layer, experts with biases and a clamped gate. */
final class GptOss {
  private static final String EXPERTS = "experts";

  /** What absent rope fields mean. */
  private static final double FACTOR = 32;

  private static final int ORIGINAL = 4096;

  private GptOss() {}

  static DecoderRecipe recipe(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(true);
    AttentionRecipe plain =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .with(new AttentionRecipe.Scores(Optional.empty(), true));
    boolean named = fields.has("rope_scaling") || fields.has("rope_parameters");
    AttentionRecipe attention = named ? plain : plain.with(plain.rope().withKind(usual(config)));
    double sharpness = fields.optionalPositiveNumber("swiglu_alpha").orElse(1.702);
    double limit = fields.optionalPositiveNumber("swiglu_limit").orElse(7);
    int count = MixtureFamilies.size(fields, "num_local_experts", 128);
    ExpertsRecipe experts =
        ExpertsRecipe.of(
                "mlp",
                config,
                config.intermediateSize(),
                count,
                new Router.TopFirst(MixtureFamilies.size(fields, "num_experts_per_tok", 4)))
            .withNames(
                new ExpertsRecipe.Names(
                    "router", EXPERTS, EXPERTS, List.of("gate_proj", "up_proj", "down_proj")))
            .withBias()
            .withGating(new Gating.Clamped((float) sharpness, (float) limit));
    OptionalInt size = config.window().size();
    return DecoderRecipe.of(
        config.layers(),
        layer -> {
          boolean slides = Windows.slides(config, layer, layer % 2 == 0);
          return BlockRecipe.Sequential.plain(
              attention.withWindow(slides ? size : OptionalInt.empty()), experts);
        });
  }

  private static RopeConfig usual(ModelConfig config) {
    double theta = config.fields().optionalPositiveNumber("rope_theta").orElse(150_000);
    double gain = 0.1 * Math.log(FACTOR) + 1;
    return new RopeConfig.Yarn(theta, FACTOR, gain, 32, 1, ORIGINAL, false);
  }
}
