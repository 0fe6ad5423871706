package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WindowConfig.LayerType;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Qwen3-Next, Qwen3.5 and their successors: delta nets, gated attention on every fourth layer. */
final class QwenHybrids {
  static final Map<String, Family> FAMILIES =
      Map.of(
          "qwen3_5", QwenHybrids::dense,
          "qwen3_5_text", QwenHybrids::dense,
          "qwen3_5_moe", QwenHybrids::sparse,
          "qwen3_5_moe_text", QwenHybrids::sparse,
          "qwen3_next", QwenHybrids::next);

  private static final int MOST = 1 << 20;

  private QwenHybrids() {}

  private static DecoderRecipe dense(ModelConfig config) {
    MlpRecipe mlp = MlpRecipe.plain(config);
    return recipe(config, false, layer -> mlp);
  }

  /** Experts on every layer; their weights are divided by their sum whatever the config says. */
  private static DecoderRecipe sparse(ModelConfig config) {
    ExpertsRecipe experts = experts(config, 256, 8, true);
    return recipe(config, false, layer -> experts);
  }

  /** Fused projections of the delta nets; experts where the config does not say otherwise. */
  private static DecoderRecipe next(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean normalised = fields.flag("norm_topk_prob").orElse(true);
    ExpertsRecipe experts = experts(config, 512, 10, normalised);
    MlpRecipe mlp = MlpRecipe.plain(config);
    int step = fields.optionalPositiveInt("decoder_sparse_step", MOST).orElse(1);
    List<Integer> dense = fields.integers("mlp_only_layers");
    return recipe(
        config, true, layer -> (layer + 1) % step == 0 && !dense.contains(layer) ? experts : mlp);
  }

  private static DecoderRecipe recipe(
      ModelConfig config, boolean fused, IntFunction<ChannelRecipe> mlp) {
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .withNorms(HeadNormsRecipe.EACH_HEAD)
            .with(AttentionRecipe.Projection.GATED);
    GatedDeltaRecipe delta = GatedDeltaRecipe.of(config, fused);
    IntPredicate attends = attending(config);
    return DecoderRecipe.of(
            config.layers(),
            layer ->
                BlockRecipe.Sequential.plain(
                    attends.test(layer) ? attention : delta, mlp.apply(layer)))
        .with(NormKind.RMS_PLUS_ONE_UNLESS_CONVERTED);
  }

  private static IntPredicate attending(ModelConfig config) {
    List<LayerType> types = config.window().layerTypes();
    int interval = config.fields().optionalPositiveInt("full_attention_interval", MOST).orElse(4);
    return types.isEmpty()
        ? layer -> (layer + 1) % interval == 0
        : layer -> types.get(layer) == LayerType.FULL_ATTENTION;
  }

  private static ExpertsRecipe experts(
      ModelConfig config, int count, int chosen, boolean normalised) {
    JsonFields fields = config.fields();
    return ExpertsRecipe.of(
            "mlp",
            config,
            MixtureFamilies.size(fields, "moe_intermediate_size", 512),
            MixtureFamilies.size(fields, "num_experts", count),
            new Router.SoftmaxFirst(
                MixtureFamilies.size(fields, "num_experts_per_tok", chosen), normalised, 1))
        .withShared(
            MlpRecipe.at(
                "mlp.shared_expert",
                config,
                MixtureFamilies.count(fields, "shared_expert_intermediate_size", 512)),
            Optional.of("shared_expert_gate"));
  }
}
