package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.LogitMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Families with layer norms: Cohere, StableLM, StarCoder 2. */
final class LayerNormed {
  static final Map<String, Family> FAMILIES =
      Map.of(
          "cohere", LayerNormed::cohere,
          "cohere2", LayerNormed::cohere2,
          "stablelm", LayerNormed::stableLm,
          "starcoder2", LayerNormed::starCoder2);

  private static final String NORM = "input_layernorm";
  private static final int PATTERN = 4;

  private LayerNormed() {}

  /** Command R: both halves at once from one norm, neighbours turn, a factor on the logits. */
  private static DecoderRecipe cohere(ModelConfig config) {
    boolean normed = config.fields().flag("use_qk_norm").orElse(false);
    AttentionRecipe plain = commandR(config);
    AttentionRecipe attention = normed ? plain.withNorms(HeadNormsRecipe.EACH_HEAD_ITS_OWN) : plain;
    MlpRecipe mlp = MlpRecipe.plain(config);
    DecoderRecipe recipe =
        DecoderRecipe.of(
            config.layers(),
            layer -> new BlockRecipe.Parallel(NORM, attention, Optional.empty(), mlp));
    return scaled(config, recipe);
  }

  /** Command R7B: the same, but three of four layers have a window, and only they turn. */
  private static DecoderRecipe cohere2(ModelConfig config) {
    AttentionRecipe attention = commandR(config);
    MlpRecipe mlp = MlpRecipe.plain(config);
    int pattern =
        config
            .fields()
            .optionalPositiveInt("sliding_window_pattern", Integer.MAX_VALUE)
            .orElse(PATTERN);
    OptionalInt size = config.window().size();
    DecoderRecipe recipe =
        DecoderRecipe.of(
            config.layers(),
            layer -> {
              boolean slides = Windows.slides(config, layer, (layer + 1) % pattern != 0);
              boolean turns = slides && size.isPresent();
              AttentionRecipe own =
                  turns ? attention.withWindow(size) : attention.with(attention.rope().none());
              return new BlockRecipe.Parallel(NORM, own, Optional.empty(), mlp);
            });
    return scaled(config, recipe);
  }

  private static AttentionRecipe commandR(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    return AttentionRecipe.plain(config)
        .withBiases(bias, bias)
        .with(RopeRecipe.of(config).withInterleaving());
  }

  private static DecoderRecipe scaled(ModelConfig config, DecoderRecipe recipe) {
    double factor = config.fields().optionalNumber("logit_scale").orElse(1);
    return recipe
        .with(NormKind.LAYER_WITHOUT_BIAS)
        .with(factor == 1 ? LogitMap.NONE : new LogitMap.Scaled((float) factor));
  }

  /** StableLM: a quarter of each head turns; halves one after the other or at once. */
  private static DecoderRecipe stableLm(ModelConfig config) {
    JsonFields fields = config.fields();
    AttentionRecipe plain =
        AttentionRecipe.plain(config)
            .withBiases(fields.flag("use_qkv_bias").orElse(false), false)
            .withNames(AttentionNames.USUAL.withNorms("q_layernorm", "k_layernorm"));
    AttentionRecipe attention =
        fields.flag("qk_layernorm").orElse(false)
            ? plain.withNorms(HeadNormsRecipe.EACH_HEAD_APART)
            : plain;
    MlpRecipe mlp = MlpRecipe.plain(config);
    boolean parallel = fields.flag("use_parallel_residual").orElse(false);
    return DecoderRecipe.of(
            config.layers(),
            layer ->
                parallel
                    ? new BlockRecipe.Parallel(NORM, attention, Optional.empty(), mlp)
                    : BlockRecipe.Sequential.plain(attention, mlp))
        .with(NormKind.LAYER);
  }

  /** StarCoder 2: an MLP without a gate, one field for all biases, a window on every layer. */
  private static DecoderRecipe starCoder2(ModelConfig config) {
    boolean bias = config.fields().flag("use_bias").orElse(true);
    AttentionRecipe attention =
        AttentionRecipe.plain(config).withBiases(bias, bias).withWindow(config.window().size());
    MlpRecipe mlp =
        MlpRecipe.plain(config)
            .withNames("mlp", new MlpRecipe.Names("", "c_fc", "c_proj", ""))
            .withBias(bias);
    return Families.everywhere(config, attention, mlp).with(NormKind.LAYER);
  }
}
