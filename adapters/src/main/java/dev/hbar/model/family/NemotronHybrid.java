package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Mamba2;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Nemotron-H and Nemotron 3: Mamba 2, attention, MLPs and experts, each a layer of its own. */
final class NemotronHybrid {
  static final Map<String, Family> FAMILIES = Map.of("nemotron_h", NemotronHybrid::recipe);

  private static final int MOST = 1 << 20;
  private static final String MIXER = "mixer";
  private static final String NORM = "norm";
  private static final MlpRecipe.Names UNGATED =
      new MlpRecipe.Names("", "up_proj", "down_proj", "");
  private static final DecoderRecipe.Names NAMES =
      new DecoderRecipe.Names(
          "backbone.embeddings", "backbone.layers", "backbone.norm_f", "lm_head");

  private NemotronHybrid() {}

  private static DecoderRecipe recipe(ModelConfig config) {
    List<String> kinds = kinds(config.fields());
    Map<String, BlockRecipe> blocks =
        kinds.stream()
            .distinct()
            .collect(Collectors.toMap(Function.identity(), kind -> block(config, kind)));
    return DecoderRecipe.of(kinds.size(), layer -> blocks.get(kinds.get(layer))).with(NAMES);
  }

  /** One word for each layer. */
  private static List<String> kinds(JsonFields fields) {
    List<String> named = fields.texts("layers_block_type");
    return named.isEmpty()
        ? fields
            .text("hybrid_override_pattern")
            .orElse("ME*-")
            .chars()
            .mapToObj(letter -> String.valueOf((char) letter))
            .toList()
        : named;
  }

  private static BlockRecipe block(ModelConfig config, String kind) {
    return switch (kind) {
      case "M", "mamba", "linear_attention" -> new BlockRecipe.OnlyTokens(NORM, mamba(config));
      case "*", "attention", "full_attention" ->
          new BlockRecipe.OnlyTokens(NORM, attention(config));
      case "-", "mlp" -> new BlockRecipe.OnlyChannels(NORM, mlp(config));
      case "E", "moe" -> new BlockRecipe.OnlyChannels(NORM, experts(config));
      default ->
          throw config
              .fields()
              .fault(
                  config.fields().has("layers_block_type")
                      ? "layers_block_type"
                      : "hybrid_override_pattern",
                  "must name Mamba, attention, MLP or MoE layers, found a layer \"" + kind + "\"");
    };
  }

  private static AttentionRecipe attention(ModelConfig config) {
    AttentionRecipe plain = AttentionRecipe.plain(config).withNames(AttentionNames.USUAL.at(MIXER));
    return plain.with(plain.rope().none());
  }

  private static Mamba2Recipe mamba(ModelConfig config) {
    JsonFields fields = config.fields();
    ActivationKind activation = ActivationKind.of(fields, "mamba_hidden_act");
    Mamba2.Shape shape =
        new Mamba2.Shape(
            fields.optionalPositiveInt("mamba_num_heads", MOST).orElse(128),
            fields.optionalPositiveInt("mamba_head_dim", MOST).orElse(64),
            size(fields, "mamba_n_groups", "n_groups", 8),
            fields.optionalPositiveInt("ssm_state_size", MOST).orElse(128));
    String least = fields.has("mamba_dt_min") ? "mamba_dt_min" : "time_step_min";
    String convBias = fields.has("mamba_conv_bias") ? "mamba_conv_bias" : "use_conv_bias";
    return new Mamba2Recipe(
        MIXER,
        config.hiddenSize(),
        shape,
        size(fields, "mamba_d_conv", "conv_kernel", 4),
        activation,
        fields.flag(convBias).orElse(true),
        fields.flag("use_bias").orElse(false),
        new Mamba2.StepLimits(
            (float) fields.optionalNumber(least).orElse(0.001), Float.POSITIVE_INFINITY));
  }

  /** Fields of older configs go before those of today's. */
  private static int size(JsonFields fields, String old, String name, int usual) {
    return fields.optionalPositiveInt(fields.has(old) ? old : name, MOST).orElse(usual);
  }

  private static MlpRecipe mlp(ModelConfig config) {
    return MlpRecipe.plain(config)
        .withNames(MIXER, UNGATED)
        .withActivation(ActivationKind.of(config.fields(), "mlp_hidden_act"))
        .withBias(config.mlpBias());
  }

  /** Sigmoid routing inside groups, experts without gates. */
  private static ExpertsRecipe experts(ModelConfig config) {
    JsonFields fields = config.fields();
    if (fields.has("moe_latent_size")) {
      throw fields.fault("moe_latent_size", "is unsupported: experts in a narrower space");
    }
    int count = MixtureFamilies.size(fields, "n_routed_experts", 8);
    ExpertsRecipe.RouterRule rule =
        (parts, own) ->
            new Router.Grouped(
                Router.Worth.SIGMOID,
                MixtureFamilies.size(fields, "num_experts_per_tok", 2),
                Optional.of(
                    parts
                        .weights()
                        .vector(own + ".gate.e_score_correction_bias", DType.FLOAT32, count)),
                MixtureFamilies.size(fields, "n_group", 1),
                MixtureFamilies.size(fields, "topk_group", 1),
                fields.flag("norm_topk_prob").orElse(true),
                1e-20f,
                (float) fields.optionalPositiveNumber("routed_scaling_factor").orElse(1));
    int shared = MixtureFamilies.count(fields, "moe_shared_expert_intermediate_size", 7688);
    return ExpertsRecipe.of(
            MIXER,
            config,
            MixtureFamilies.size(fields, "moe_intermediate_size", 7688),
            count,
            new Router.TopFirst(1))
        .withNames(
            new ExpertsRecipe.Names(
                "gate", "switch_mlp", "experts", List.of("", "up_proj", "down_proj")))
        .withRule(rule)
        .withoutGates(ActivationKind.of(fields, "mlp_hidden_act"))
        .withShared(
            mlp(config).withNames(MIXER + ".shared_experts", UNGATED).withInner(shared),
            Optional.empty());
  }
}
