package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.checkpoint.RopeConfigReader;
import dev.hbar.model.layer.LogitMap;
import dev.hbar.model.layer.Residual;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Gemma 1 to 3: norms times 1 + weight, embeddings times the root of their width, GeGLU; from the
 * second on with norms on both sides of each half, and windows on some layers.
 */
final class Gemma {
  static final Map<String, Family> FAMILIES =
      Map.of("gemma", Gemma::gemma, "gemma2", Gemma::gemma2, "gemma3_text", Gemma::gemma3);

  private static final int PATTERN = 6;
  private static final double LOCAL_THETA = 10_000;
  private static final double GLOBAL_THETA = 1_000_000;

  private Gemma() {}

  private static DecoderRecipe gemma(ModelConfig config) {
    ActivationKind named = ActivationKind.of(config.fields(), "hidden_act");
    // Its first configs said gelu and meant the approximation.
    ActivationKind activation = named == ActivationKind.GELU ? ActivationKind.GELU_TANH : named;
    boolean bias = config.attentionBias().orElse(false);
    return common(
        config,
        Families.everywhere(
            config,
            AttentionRecipe.plain(config).withBiases(bias, bias),
            MlpRecipe.plain(config).withActivation(activation)));
  }

  /** A window on every second layer, caps on scores and logits. */
  private static DecoderRecipe gemma2(ModelConfig config) {
    AttentionRecipe attention = scaledAttention(config);
    MlpRecipe mlp = MlpRecipe.plain(config);
    OptionalInt size = config.window().size();
    DecoderRecipe recipe =
        DecoderRecipe.of(
            config.layers(),
            layer -> {
              boolean slides = Windows.slides(config, layer, (layer + 1) % 2 != 0);
              return block(attention.withWindow(slides ? size : OptionalInt.empty()), mlp);
            });
    return common(config, recipe);
  }

  /** Normed heads; all layers but every sixth have a window and a rope of their own. */
  private static DecoderRecipe gemma3(ModelConfig config) {
    JsonFields fields = config.fields();
    AttentionRecipe attention = scaledAttention(config).withNorms(HeadNormsRecipe.EACH_HEAD);
    MlpRecipe mlp = MlpRecipe.plain(config);
    int pattern =
        fields.optionalPositiveInt("sliding_window_pattern", Integer.MAX_VALUE).orElse(PATTERN);
    RopeRecipe plain = attention.rope();
    RopeConfig global =
        RopeConfigReader.ofKind(
            config,
            "full_attention",
            plain.dims(),
            fields.optionalPositiveNumber("rope_theta").orElse(GLOBAL_THETA));
    RopeConfig local =
        RopeConfigReader.ofKind(
            config,
            "sliding_attention",
            plain.dims(),
            fields.optionalPositiveNumber("rope_local_base_freq").orElse(LOCAL_THETA));
    OptionalInt size = config.window().size();
    DecoderRecipe recipe =
        DecoderRecipe.of(
            config.layers(),
            layer -> {
              boolean slides = Windows.slides(config, layer, (layer + 1) % pattern != 0);
              AttentionRecipe own =
                  attention
                      .withWindow(slides ? size : OptionalInt.empty())
                      .with(plain.withKind(slides ? local : global));
              return block(own, mlp);
            });
    return common(config, recipe);
  }

  private static AttentionRecipe scaledAttention(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    double scalar = fields.optionalPositiveNumber("query_pre_attn_scalar").orElse(256);
    AttentionRecipe attention =
        AttentionRecipe.plain(config).withBiases(bias, bias).withScale(1 / Math.sqrt(scalar));
    Optional<Float> cap = cap(fields, "attn_logit_softcapping");
    return cap.isPresent() ? attention.with(new AttentionRecipe.Scores(cap, false)) : attention;
  }

  /** With the norms of Gemma 2 to 4. */
  static BlockRecipe block(MixerRecipe attention, ChannelRecipe mlp) {
    return new BlockRecipe.Sequential(
        BlockRecipe.NormNames.around("input_layernorm", "post_attention_layernorm"),
        attention,
        BlockRecipe.NormNames.around("pre_feedforward_layernorm", "post_feedforward_layernorm"),
        mlp,
        Residual.PLAIN);
  }

  private static DecoderRecipe common(ModelConfig config, DecoderRecipe recipe) {
    return recipe
        .with(NormKind.RMS_PLUS_ONE)
        .withEmbeddingScale(Math.sqrt(config.hiddenSize()))
        .with(logits(config.fields()));
  }

  /** The cap on logits, where there is one. */
  static LogitMap logits(JsonFields fields) {
    return cap(fields, "final_logit_softcapping")
        .<LogitMap>map(LogitMap.Capped::new)
        .orElse(LogitMap.NONE);
  }

  private static Optional<Float> cap(JsonFields fields, String field) {
    return fields.has(field) ? Optional.of((float) fields.positiveNumber(field)) : Optional.empty();
  }
}
