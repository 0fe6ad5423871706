package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.layer.LogitMap;
import dev.hbar.model.layer.QueryScale;
import dev.hbar.model.layer.Residual;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Families that are Llama with a factor, a bias, or another rope. */
final class LlamaLike {
  static final Map<String, Family> FAMILIES =
      Map.ofEntries(
          Map.entry("ministral3", LlamaLike::ministral3),
          Map.entry("smollm3", LlamaLike::smollm3),
          Map.entry("granite", LlamaLike::granite),
          Map.entry("seed_oss", LlamaLike::seedOss),
          Map.entry("ernie4_5", LlamaLike::ernie),
          Map.entry("glm", LlamaLike::glm),
          Map.entry("glm4", LlamaLike::glm4),
          Map.entry("helium", LlamaLike::helium),
          Map.entry("internlm3", LlamaLike::internLm3),
          Map.entry("hunyuan_v1_dense", LlamaLike::hunyuan),
          Map.entry("minicpm", LlamaLike::miniCpm),
          Map.entry("exaone", LlamaLike::exaone),
          Map.entry("internlm2", LlamaLike::internLm2),
          Map.entry("apertus", LlamaLike::apertus));

  private LlamaLike() {}

  /** Ministral 3: queries grow with their position; one window, or none, on every layer. */
  private static DecoderRecipe ministral3(ModelConfig config) {
    JsonFields rope = config.fields().object("rope_parameters").orElse(config.fields());
    AttentionRecipe plain = AttentionRecipe.plain(config).withWindow(config.window().size());
    double beta = rope.optionalNumber("llama_4_scaling_beta").orElse(0);
    AttentionRecipe attention =
        beta == 0
            ? plain
            : plain.withQueryScale(
                new QueryScale(
                    (float) beta,
                    rope.optionalPositiveInt("original_max_position_embeddings", Integer.MAX_VALUE)
                        .orElse(config.maxPositionEmbeddings()),
                    0));
    return Families.everywhere(config, attention, MlpRecipe.plain(config));
  }

  /** SmolLM3: layers without rope, which also are those with a window where there is one. */
  private static DecoderRecipe smollm3(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe attention = AttentionRecipe.plain(config).withBiases(bias, bias);
    MlpRecipe mlp = MlpRecipe.plain(config).withBias(config.mlpBias());
    List<Integer> turns = fields.integers("no_rope_layers");
    int interval =
        fields.optionalPositiveInt("no_rope_layer_interval", Integer.MAX_VALUE).orElse(4);
    if (!turns.isEmpty() && turns.size() < config.layers()) {
      throw fields.fault(
          "no_rope_layers",
          "must have %s entries, found %s".formatted(config.layers(), turns.size()));
    }
    OptionalInt size =
        config.window().used().orElse(false) ? config.window().size() : OptionalInt.empty();
    return DecoderRecipe.of(
        config.layers(),
        layer -> {
          boolean turned = turns.isEmpty() ? (layer + 1) % interval != 0 : turns.get(layer) != 0;
          boolean slides = Windows.slides(config, layer, !turned);
          AttentionRecipe own = attention.withWindow(slides ? size : OptionalInt.empty());
          return BlockRecipe.Sequential.plain(
              turned ? own : own.with(attention.rope().none()), mlp);
        });
  }

  /** Granite: a factor on the embedding, on what is added to the stream, on scores and logits. */
  private static DecoderRecipe granite(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .withScale(fields.optionalNumber("attention_multiplier").orElse(1));
    MlpRecipe mlp = MlpRecipe.plain(config).withBias(config.mlpBias());
    float added = (float) fields.optionalNumber("residual_multiplier").orElse(1);
    Residual residual = added == 1 ? Residual.PLAIN : new Residual.Scaled(added);
    double scaling = fields.optionalPositiveNumber("logits_scaling").orElse(1);
    return DecoderRecipe.of(
            config.layers(), layer -> BlockRecipe.Sequential.plain(attention, mlp).with(residual))
        .withEmbeddingScale(fields.optionalNumber("embedding_multiplier").orElse(1))
        .with(scaling == 1 ? LogitMap.NONE : new LogitMap.Scaled((float) (1 / scaling)));
  }

  /** Seed-OSS: biases on q, k and v, on the output only where a field of its own says so. */
  private static DecoderRecipe seedOss(ModelConfig config) {
    boolean output = config.fields().flag("attention_out_bias").orElse(false);
    return Families.everywhere(
        config,
        AttentionRecipe.plain(config).withBiases(config.attentionBias().orElse(true), output),
        MlpRecipe.plain(config).withBias(config.mlpBias()));
  }

  /** ERNIE 4.5: neighbours turn against each other; one field for all biases. */
  private static DecoderRecipe ernie(ModelConfig config) {
    boolean bias = config.fields().flag("use_bias").orElse(false);
    return Families.everywhere(
        config,
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .with(RopeRecipe.of(config).withInterleaving()),
        MlpRecipe.plain(config).withBias(bias));
  }

  /** Helium: neighbours turn against each other. */
  private static DecoderRecipe helium(ModelConfig config) {
    return Families.everywhere(
        config,
        AttentionRecipe.plain(config)
            .withBiases(config.attentionBias().orElse(false), false)
            .with(RopeRecipe.of(config).withInterleaving()),
        MlpRecipe.plain(config).withBias(config.mlpBias()));
  }

  /** InternLM 3: one field for the biases of q, k and v, one for all others. */
  private static DecoderRecipe internLm3(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean others = fields.flag("bias").orElse(false);
    return Families.everywhere(
        config,
        AttentionRecipe.plain(config).withBiases(fields.flag("qkv_bias").orElse(false), others),
        MlpRecipe.plain(config).withBias(others));
  }

  /** GLM-4 of 2024: neighbours turn, gate and up are one matrix. */
  private static DecoderRecipe glm(ModelConfig config) {
    return Families.everywhere(
        config,
        AttentionRecipe.plain(config)
            .withBiases(config.attentionBias().orElse(true), false)
            .with(RopeRecipe.of(config).withInterleaving()),
        MlpRecipe.plain(config).withFusedProjections());
  }

  /** GLM-4: norms on both sides of each half, neighbours turn, gate and up are one matrix. */
  private static DecoderRecipe glm4(ModelConfig config) {
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(config.attentionBias().orElse(true), false)
            .with(RopeRecipe.of(config).withInterleaving());
    MlpRecipe mlp = MlpRecipe.plain(config).withFusedProjections();
    return DecoderRecipe.of(
        config.layers(),
        layer ->
            new BlockRecipe.Sequential(
                BlockRecipe.NormNames.around("input_layernorm", "post_self_attn_layernorm"),
                attention,
                BlockRecipe.NormNames.around("post_attention_layernorm", "post_mlp_layernorm"),
                mlp,
                Residual.PLAIN));
  }

  /** MiniCPM: what is added to the stream shrinks with the depth, what the head reads by width. */
  private static DecoderRecipe miniCpm(ModelConfig config) {
    JsonFields fields = config.fields();
    double depth = fields.optionalPositiveNumber("scale_depth").orElse(1);
    double base = fields.optionalPositiveNumber("dim_model_base").orElse(1);
    boolean bias = config.attentionBias().orElse(false);
    Residual added = new Residual.Scaled((float) (depth / Math.sqrt(config.layers())));
    return DecoderRecipe.of(
            config.layers(),
            layer ->
                BlockRecipe.Sequential.plain(
                        AttentionRecipe.plain(config).withBiases(bias, bias),
                        MlpRecipe.plain(config))
                    .with(added))
        .withEmbeddingScale(fields.optionalPositiveNumber("scale_emb").orElse(1))
        .with(new LogitMap.Scaled((float) (base / config.hiddenSize())));
  }

  /** EXAONE 3 and 3.5: Llama under GPT-2's names. */
  private static DecoderRecipe exaone(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    AttentionNames names = AttentionNames.USUAL.at("attn.attention").withOutput("out_proj");
    MlpRecipe mlp =
        MlpRecipe.plain(config)
            .withNames("mlp", new MlpRecipe.Names("c_fc_0", "c_fc_1", "c_proj", ""))
            .withBias(config.mlpBias());
    return normed(
            config,
            AttentionRecipe.plain(config).withBiases(bias, bias).withNames(names),
            mlp,
            List.of("ln_1", "ln_2"))
        .with(
            new DecoderRecipe.Names(
                "transformer.wte", "transformer.h", "transformer.ln_f", "lm_head"));
  }

  /** InternLM 2: one matrix for q, k and v, group by group. */
  private static DecoderRecipe internLm2(ModelConfig config) {
    boolean bias = config.fields().flag("bias").orElse(true);
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .withNames(AttentionNames.USUAL.at("attention").withOutput("wo").withFused("wqkv"))
            .with(AttentionRecipe.Projection.GROUPED);
    MlpRecipe mlp =
        MlpRecipe.plain(config)
            .withNames("feed_forward", new MlpRecipe.Names("w1", "w3", "w2", ""));
    return normed(config, attention, mlp, List.of("attention_norm", "ffn_norm"))
        .with(
            new DecoderRecipe.Names(
                "model.tok_embeddings", "model.layers", "model.norm", "output"));
  }

  /** Apertus: normed heads, an MLP without a gate whose activation has learned numbers. */
  private static DecoderRecipe apertus(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe plain = AttentionRecipe.plain(config).withBiases(bias, bias).withHeadNorms();
    boolean told = fields.has("rope_scaling") || fields.has("rope_parameters");
    // As in transformers, where a rope_theta counts only beside parameters of a rope.
    RopeConfig usual = new RopeConfig.Llama3(12_000_000, 8, 1, 4, 8192);
    MlpRecipe mlp =
        MlpRecipe.plain(config)
            .withNames("mlp", new MlpRecipe.Names("", "up_proj", "down_proj", ""))
            .withBias(config.mlpBias());
    return normed(
        config,
        told ? plain : plain.with(plain.rope().withKind(usual)),
        mlp,
        List.of("attention_layernorm", "feedforward_layernorm"));
  }

  /** The same block on every layer, with norms of these names before its halves. */
  private static DecoderRecipe normed(
      ModelConfig config, AttentionRecipe attention, MlpRecipe mlp, List<String> norms) {
    return DecoderRecipe.of(
        config.layers(),
        layer ->
            new BlockRecipe.Sequential(
                BlockRecipe.NormNames.before(norms.getFirst()),
                attention,
                BlockRecipe.NormNames.before(norms.getLast()),
                mlp,
                Residual.PLAIN));
  }

  /** Hunyuan: queries and keys are normed after they have turned. */
  private static DecoderRecipe hunyuan(ModelConfig config) {
    return Families.everywhere(config, hunyuanAttention(config), MlpRecipe.plain(config));
  }

  static AttentionRecipe hunyuanAttention(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    return AttentionRecipe.plain(config)
        .withBiases(bias, bias)
        .withNames(AttentionNames.USUAL.withNorms("query_layernorm", "key_layernorm"))
        .withNorms(HeadNormsRecipe.TURNED);
  }
}
