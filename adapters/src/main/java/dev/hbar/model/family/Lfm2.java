package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WindowConfig.LayerType;
import dev.hbar.model.layer.Residual;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** LFM2: short convolutions, attention with normed heads on some layers. */
final class Lfm2 {
  static final Map<String, Family> FAMILIES = Map.of("lfm2", Lfm2::dense, "lfm2_moe", Lfm2::sparse);

  private static final int MOST = 1 << 20;
  private static final String MLP = "feed_forward";
  private static final MlpRecipe.Names NUMBERED = new MlpRecipe.Names("w1", "w3", "w2", "");

  private static final DecoderRecipe.Names NAMES =
      new DecoderRecipe.Names(
          "model.embed_tokens", "model.layers", "model.embedding_norm", "lm_head");

  private Lfm2() {}

  private static DecoderRecipe dense(ModelConfig config) {
    MlpRecipe mlp = MlpRecipe.plain(config).withNames(MLP, NUMBERED).withInner(inner(config));
    return recipe(config, layer -> mlp);
  }

  /** The first layers are dense; experts are chosen by sigmoids with a correction. */
  private static DecoderRecipe sparse(ModelConfig config) {
    JsonFields fields = config.fields();
    MlpRecipe published = MlpRecipe.plain(config).withNames(MLP, NUMBERED);
    ChannelRecipe mlp =
        new EitherRecipe(
            MLP + ".w1.weight", published, published.withNames(MLP, MlpRecipe.Names.USUAL));
    int count = MixtureFamilies.size(fields, "num_experts", 32);
    boolean corrected = fields.flag("use_expert_bias").orElse(true);
    ExpertsRecipe.RouterRule rule =
        (parts, own) ->
            new Router.Grouped(
                Router.Worth.SIGMOID,
                MixtureFamilies.size(fields, "num_experts_per_tok", 4),
                corrected
                    ? Optional.of(
                        parts.weights().vector(own + ".expert_bias", DType.FLOAT32, count))
                    : Optional.empty(),
                1,
                1,
                fields.flag("norm_topk_prob").orElse(true),
                1e-6f,
                (float) fields.optionalPositiveNumber("routed_scaling_factor").orElse(1));
    int inner = MixtureFamilies.size(fields, "moe_intermediate_size", 1792);
    ExpertsRecipe experts =
        ExpertsRecipe.of(MLP, config, inner, count, new Router.TopFirst(1))
            .withNames(
                new ExpertsRecipe.Names("gate", "switch_mlp", "experts", List.of("w1", "w3", "w2")))
            .withRule(rule);
    int denseLayers = fields.has("num_dense_layers") ? fields.integer("num_dense_layers") : 2;
    return recipe(config, layer -> layer < denseLayers ? mlp : experts);
  }

  private static DecoderRecipe recipe(ModelConfig config, IntFunction<ChannelRecipe> mlp) {
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withNorms(HeadNormsRecipe.EACH_HEAD)
            .withNames(
                AttentionNames.USUAL
                    .withOutput("out_proj")
                    .withNorms("q_layernorm", "k_layernorm"));
    ShortConvRecipe conv = ShortConvRecipe.of(config);
    IntPredicate attends = attending(config);
    return DecoderRecipe.of(
            config.layers(),
            layer ->
                new BlockRecipe.Sequential(
                    BlockRecipe.NormNames.before("operator_norm"),
                    attends.test(layer) ? attention : conv,
                    BlockRecipe.NormNames.before("ffn_norm"),
                    mlp.apply(layer),
                    Residual.PLAIN))
        .with(NAMES);
  }

  private static IntPredicate attending(ModelConfig config) {
    List<LayerType> types = config.window().layerTypes();
    if (!types.isEmpty()) {
      return layer -> types.get(layer) != LayerType.CONV;
    }
    List<Integer> listed = config.fields().integers("full_attn_idxs");
    boolean all = !config.fields().has("full_attn_idxs");
    return layer -> all || listed.contains(layer);
  }

  /** Two thirds, times a factor, rounded up, where the config says so. */
  private static int inner(ModelConfig config) {
    JsonFields fields = config.fields();
    if (!fields.flag("block_auto_adjust_ff_dim").orElse(true)) {
      return config.intermediateSize();
    }
    int twoThirds = (int) (2L * config.intermediateSize() / 3.0);
    String multiplier = "block_ffn_dim_multiplier";
    if (fields.isNull(multiplier)) {
      return twoThirds;
    }
    double factor = fields.optionalPositiveNumber(multiplier).orElse(1);
    int step = fields.optionalPositiveInt("block_multiple_of", MOST).orElse(256);
    return Math.ceilDiv((int) (factor * twoThirds), step) * step;
  }
}
