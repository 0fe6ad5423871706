package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.LogitMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Families with layer norms: Cohere, StableLM, StarCoder 2, Phi 2, GPT-NeoX, Nemotron 4. */
final class LayerNormed {
  static final Map<String, Family> FAMILIES =
      Map.of(
          "cohere", LayerNormed::cohere,
          "cohere2", LayerNormed::cohere2,
          "stablelm", LayerNormed::stableLm,
          "starcoder2", LayerNormed::starCoder2,
          "phi", LayerNormed::phi,
          "gpt_neox", LayerNormed::gptNeoX,
          "nemotron", LayerNormed::nemotron);

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
    MlpRecipe mlp = ungated(config, "c_fc", "c_proj").withBias(bias);
    return Families.everywhere(config, attention, mlp).with(NormKind.LAYER);
  }

  /** Phi 1.5 and 2: both halves at once from one norm, biases everywhere, on the head too. */
  private static DecoderRecipe phi(ModelConfig config) {
    AttentionRecipe plain =
        AttentionRecipe.plain(config)
            .withBiases(true, true)
            .withNames(
                AttentionNames.USUAL.withNorms("q_layernorm", "k_layernorm").withOutput("dense"));
    boolean normed = config.fields().flag("qk_layernorm").orElse(false);
    AttentionRecipe attention = normed ? plain.withHeadNorms() : plain;
    MlpRecipe mlp = ungated(config, "fc1", "fc2").withBias(true);
    return DecoderRecipe.of(
            config.layers(),
            layer -> new BlockRecipe.Parallel(NORM, attention, Optional.empty(), mlp))
        .with(NormKind.LAYER)
        .with(
            new DecoderRecipe.Names(
                "model.embed_tokens", "model.layers", "model.final_layernorm", "lm_head"));
  }

  /** GPT-NeoX: q, k and v of a head side by side; halves of two norms, at once or in turn. */
  private static DecoderRecipe gptNeoX(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(true);
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .withNames(
                AttentionNames.USUAL
                    .at("attention")
                    .withOutput("dense")
                    .withFused("query_key_value"))
            .with(AttentionRecipe.Projection.GROUPED);
    MlpRecipe mlp = ungated(config, "dense_h_to_4h", "dense_4h_to_h").withBias(true);
    boolean parallel = config.fields().flag("use_parallel_residual").orElse(true);
    Optional<String> second = Optional.of("post_attention_layernorm");
    return DecoderRecipe.of(
            config.layers(),
            layer ->
                parallel
                    ? new BlockRecipe.Parallel(NORM, attention, second, mlp)
                    : BlockRecipe.Sequential.plain(attention, mlp))
        .with(NormKind.LAYER)
        .with(
            new DecoderRecipe.Names(
                "model.embed_in", "model.h", "model.final_layer_norm", "model.embed_out"));
  }

  /** Nemotron 4 and Minitron: norms of 1 + weight, a square of relu without a gate. */
  private static DecoderRecipe nemotron(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    return Families.everywhere(
            config,
            AttentionRecipe.plain(config).withBiases(bias, bias),
            ungated(config, "up_proj", "down_proj").withBias(config.mlpBias()))
        .with(NormKind.LAYER_PLUS_ONE);
  }

  private static MlpRecipe ungated(ModelConfig config, String up, String down) {
    return MlpRecipe.plain(config).withNames("mlp", new MlpRecipe.Names("", up, down, ""));
  }
}
