package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WindowConfig.LayerType;
import dev.hbar.model.layer.QueryScale;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Llama 4: layers that turn see their own chunk of positions, the others see everything and know
 * positions by the size of their queries alone; what an expert gets is weighed, not what it gives.
 */
final class Llama4 {
  static final Map<String, Family> FAMILIES =
      Map.of("llama4_text", config -> new Llama4(config).recipe());

  /** mlx-lm turns three layers of four, and norms heads with an epsilon of its own. */
  static final String OF_MLX_LM =
      """
      {"no_rope_layers": [], "no_rope_layer_interval": 4, "layer_types": [], "qk_norm_eps": 1e-6}
      """;

  private static final int MAX_SIZE = 1 << 24;
  private static final ExpertsRecipe.Names NAMES =
      new ExpertsRecipe.Names(
          "router", "experts", "experts", List.of("gate_proj", "up_proj", "down_proj"));

  private final ModelConfig config;
  private final JsonFields fields;

  private Llama4(ModelConfig config) {
    this.config = config;
    this.fields = config.fields();
  }

  private DecoderRecipe recipe() {
    Set<Integer> sparse = sparse();
    ExpertsRecipe experts =
        ExpertsRecipe.of(
                "feed_forward",
                config,
                config.intermediateSize(),
                count("num_local_experts", 16),
                new Router.SigmoidOfTop(count("num_experts_per_tok", 1)))
            .withNames(NAMES)
            .withWeighedInputs()
            .withShared(
                MlpRecipe.at("feed_forward.shared_expert", config, config.intermediateSize()),
                Optional.empty());
    MlpRecipe dense = MlpRecipe.at("feed_forward", config, count("intermediate_size_mlp", 16_384));
    return DecoderRecipe.of(
        config.layers(),
        layer ->
            BlockRecipe.Sequential.plain(
                attention(layer), sparse.contains(layer) ? experts : dense));
  }

  private AttentionRecipe attention(int layer) {
    boolean bias = config.attentionBias().orElse(false);
    boolean turned = turns(layer);
    AttentionRecipe plain = AttentionRecipe.plain(config).withBiases(bias, bias);
    AttentionRecipe reaching = isChunked(layer, turned) ? plain.withChunks(chunk()) : plain;
    if (turned) {
      AttentionRecipe own = reaching.with(RopeRecipe.of(config).withInterleaving());
      return fields.flag("use_qk_norm").orElse(true)
          ? own.withNorms(HeadNormsRecipe.TURNED_WITHOUT_WEIGHT)
          : own;
    }
    AttentionRecipe still = reaching.with(RopeRecipe.of(config).none());
    return grows()
        ? still.withQueryScale(
            new QueryScale(
                (float) fields.optionalNumber("attn_scale").orElse(0.1),
                count("floor_scale", 8192),
                1))
        : still;
  }

  /** A flag, in MLX's configs also a number. */
  private boolean grows() {
    String name = "attn_temperature_tuning";
    return !fields.has(name)
        || (fields.isFlag(name) ? fields.flag(name).orElseThrow() : fields.integer(name) != 0);
  }

  private boolean turns(int layer) {
    List<Integer> given = fields.integers("no_rope_layers");
    if (given.isEmpty()) {
      return (layer + 1) % count("no_rope_layer_interval", 4) != 0;
    }
    if (given.size() < config.layers()) {
      throw fields.fault(
          "no_rope_layers",
          "must have %s entries, found %s".formatted(config.layers(), given.size()));
    }
    return given.get(layer) != 0;
  }

  private boolean isChunked(int layer, boolean turned) {
    List<LayerType> types = config.window().layerTypes();
    boolean chunked =
        fields.texts("layer_types").isEmpty()
            ? turned
            : types.get(layer) == LayerType.CHUNKED_ATTENTION;
    return chunked && !fields.isNull("attention_chunk_size");
  }

  private int chunk() {
    return fields.optionalPositiveInt("attention_chunk_size", Integer.MAX_VALUE).orElse(8192);
  }

  private Set<Integer> sparse() {
    if (fields.isList("moe_layers")) {
      return Set.copyOf(fields.integers("moe_layers"));
    }
    String name = "interleave_moe_layer_step";
    int step = fields.has(name) ? fields.integer(name) : 1;
    return IntStream.range(0, config.layers())
        .filter(layer -> step > 0 && layer % step == step - 1)
        .boxed()
        .collect(Collectors.toSet());
  }

  private int count(String name, int usual) {
    return fields.optionalPositiveInt(name, MAX_SIZE).orElse(usual);
  }
}
