package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WindowConfig.LayerType;
import dev.hbar.model.layer.LogitMap;
import dev.hbar.model.layer.Mamba2;
import dev.hbar.model.layer.Residual;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Granite 4: Mamba 2, attention on some layers, an MLP for all tokens and on some sizes experts
 * beside it; Granite's factors.
 */
final class GraniteHybrid {
  static final Map<String, Family> FAMILIES =
      Map.of(
          "granitemoehybrid", GraniteHybrid::recipe,
          "granitemoe", GraniteHybrid::attentive);

  private static final int MOST = 1 << 20;
  private static final String SHARED = "shared_mlp";
  private static final MlpRecipe.Names FUSED =
      new MlpRecipe.Names("gate_proj", "up_proj", "output_linear", "input_linear");

  private GraniteHybrid() {}

  private static DecoderRecipe recipe(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe plain =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .withScale(fields.optionalNumber("attention_multiplier").orElse(1));
    boolean turns = fields.text("position_embedding_type").orElse("").equals("rope");
    AttentionRecipe attention = turns ? plain : plain.with(plain.rope().none());
    Mamba2Recipe mamba = mamba(config);
    ChannelRecipe mlp = mlp(config);
    List<LayerType> types = config.window().layerTypes();
    return scaled(
        config,
        layer -> {
          boolean attends = !types.isEmpty() && types.get(layer) == LayerType.FULL_ATTENTION;
          return BlockRecipe.Sequential.plain(attends ? attention : mamba, mlp);
        });
  }

  /** Granite 3 with experts: attention and experts on every layer. */
  private static DecoderRecipe attentive(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .withScale(config.fields().optionalNumber("attention_multiplier").orElse(1));
    ExpertsRecipe experts = experts(config);
    return scaled(config, layer -> BlockRecipe.Sequential.plain(attention, experts));
  }

  private static DecoderRecipe scaled(
      ModelConfig config, IntFunction<BlockRecipe.Sequential> block) {
    JsonFields fields = config.fields();
    float added = (float) fields.optionalNumber("residual_multiplier").orElse(1);
    Residual residual = added == 1 ? Residual.PLAIN : new Residual.Scaled(added);
    double scaling = fields.optionalPositiveNumber("logits_scaling").orElse(1);
    return DecoderRecipe.of(config.layers(), layer -> block.apply(layer).with(residual))
        .withEmbeddingScale(fields.optionalNumber("embedding_multiplier").orElse(1))
        .with(scaling == 1 ? LogitMap.NONE : new LogitMap.Scaled((float) (1 / scaling)));
  }

  private static Mamba2Recipe mamba(ModelConfig config) {
    JsonFields fields = config.fields();
    int heads = fields.optionalPositiveInt("mamba_n_heads", MOST).orElse(128);
    int expand = fields.optionalPositiveInt("mamba_expand", MOST).orElse(2);
    int inner = expand * config.hiddenSize();
    if (inner % heads != 0) {
      throw fields.fault(
          "mamba_n_heads",
          "must divide mamba_expand * hidden_size %s, found %s".formatted(inner, heads));
    }
    Mamba2.Shape shape =
        new Mamba2.Shape(
            heads,
            inner / heads,
            fields.optionalPositiveInt("mamba_n_groups", MOST).orElse(1),
            fields.optionalPositiveInt("mamba_d_state", MOST).orElse(256));
    List<Double> limits = fields.numbers("time_step_limit");
    return new Mamba2Recipe(
        "mamba",
        config.hiddenSize(),
        shape,
        fields.optionalPositiveInt("mamba_d_conv", MOST).orElse(4),
        ActivationKind.of(config),
        fields.flag("mamba_conv_bias").orElse(true),
        fields.flag("mamba_proj_bias").orElse(false),
        limits.size() == 2
            ? new Mamba2.StepLimits(limits.get(0).floatValue(), limits.get(1).floatValue())
            : new Mamba2.StepLimits(0, Float.POSITIVE_INFINITY));
  }

  /** Conversion for MLX takes the MLP apart where there are no experts beside it. */
  private static ChannelRecipe mlp(ModelConfig config) {
    JsonFields fields = config.fields();
    int width = MixtureFamilies.count(fields, "shared_intermediate_size", 1024);
    MlpRecipe apart = MlpRecipe.plain(config).withInner(width);
    MlpRecipe shared = apart.withNames(SHARED, FUSED).withFusedProjections();
    int experts = fields.has("num_local_experts") ? fields.integer("num_local_experts") : 8;
    if (experts == 0) {
      return new EitherRecipe(SHARED + ".input_linear.weight", shared, apart);
    }
    return experts(config).withShared(shared, Optional.empty());
  }

  private static ExpertsRecipe experts(ModelConfig config) {
    JsonFields fields = config.fields();
    return ExpertsRecipe.of(
            "block_sparse_moe",
            config,
            config.intermediateSize(),
            MixtureFamilies.size(fields, "num_local_experts", 8),
            new Router.TopFirst(MixtureFamilies.size(fields, "num_experts_per_tok", 2)))
        .withNames(
            new ExpertsRecipe.Names(
                "router.layer",
                "switch_mlp",
                "experts",
                List.of("gate_proj", "up_proj", "down_proj")));
  }
}
