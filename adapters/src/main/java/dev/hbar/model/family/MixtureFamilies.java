package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The families whose MLPs are mixtures of experts. */
final class MixtureFamilies {
  static final Map<String, Family> BY_TYPE =
      Map.ofEntries(
          Map.entry("qwen2_moe", MixtureFamilies::qwen2),
          Map.entry("qwen3_moe", MixtureFamilies::qwen3),
          Map.entry("qwen3_vl_moe", MixtureFamilies::qwen3Seeing),
          Map.entry("qwen3_vl_moe_text", MixtureFamilies::qwen3Seeing),
          Map.entry("mixtral", MixtureFamilies::mixtral),
          Map.entry("phimoe", MixtureFamilies::phi),
          Map.entry("olmoe", MixtureFamilies::olmo),
          Map.entry("gpt_oss", GptOss::recipe),
          Map.entry("hunyuan", MixtureFamilies::hunyuan),
          Map.entry("hunyuan_v1_moe", MixtureFamilies::hunyuan));

  private static final int MOST_EXPERTS = 65_536;

  private MixtureFamilies() {}

  /** Qwen3's attention; an MLP of its own on the layers that mlp_only_layers names. */
  private static DecoderRecipe qwen3(ModelConfig config) {
    return qwen3(config, config.fields().flag("norm_topk_prob").orElse(false));
  }

  /** Qwen3-VL: the weights of the chosen are divided by their sum whatever the config says. */
  private static DecoderRecipe qwen3Seeing(ModelConfig config) {
    return qwen3(config, true);
  }

  private static DecoderRecipe qwen3(ModelConfig config, boolean normalised) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    OptionalInt window =
        config.window().used().orElse(false)
            ? config.window().sizeOr(Windows.DEFAULT_SIZE)
            : OptionalInt.empty();
    AttentionRecipe attention =
        AttentionRecipe.plain(config).withBiases(bias, bias).withHeadNorms().withWindow(window);
    ExpertsRecipe experts =
        ExpertsRecipe.of(
            "mlp",
            config,
            size(fields, "moe_intermediate_size", 768),
            size(fields, "num_experts", 128),
            new Router.SoftmaxFirst(size(fields, "num_experts_per_tok", 8), normalised, 1));
    return sparse(config, layer -> attention, experts, sparseLayers(config));
  }

  /** Qwen2's attention, and an expert that all tokens share, weighed by a gate of its own. */
  private static DecoderRecipe qwen2(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = fields.flag("qkv_bias").orElse(true);
    List<OptionalInt> windows = Windows.alternatingBelow(config);
    int shared = count(fields, "shared_expert_intermediate_size", 5632);
    ExpertsRecipe experts =
        ExpertsRecipe.of(
                "mlp",
                config,
                size(fields, "moe_intermediate_size", 1408),
                size(fields, "num_experts", 60),
                new Router.SoftmaxFirst(
                    size(fields, "num_experts_per_tok", 4),
                    fields.flag("norm_topk_prob").orElse(false),
                    1))
            .withShared(
                MlpRecipe.at("mlp.shared_expert", config, shared),
                Optional.of("shared_expert_gate"));
    return sparse(
        config,
        layer ->
            AttentionRecipe.plain(config).withBiases(bias, false).withWindow(windows.get(layer)),
        experts,
        sparseLayers(config));
  }

  /** Mistral's attention, experts on every layer. */
  private static DecoderRecipe mixtral(ModelConfig config) {
    JsonFields fields = config.fields();
    AttentionRecipe attention = AttentionRecipe.plain(config).withWindow(config.window().size());
    ExpertsRecipe experts =
        ExpertsRecipe.of(
                "block_sparse_moe",
                config,
                config.intermediateSize(),
                size(fields, "num_local_experts", 8),
                new Router.SoftmaxFirst(size(fields, "num_experts_per_tok", 2), true, 1))
            .withNames(MIXTRAL_NAMES);
    return sparse(config, layer -> attention, experts, allLayers(config));
  }

  /** Phi-3.5-MoE: Mixtral's names, layer norms, pairs of experts, one gain for each length. */
  private static DecoderRecipe phi(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe plain =
        AttentionRecipe.plain(config).withBiases(bias, bias).withWindow(config.window().size());
    AttentionRecipe attention =
        config.rope() instanceof RopeConfig.LongRope rope
            ? plain.with(plain.rope().withKind(shortFactors(fields, rope)))
            : plain;
    double jitter = fields.optionalNumber("router_jitter_noise").orElse(0.01);
    ExpertsRecipe experts =
        ExpertsRecipe.of(
                "block_sparse_moe",
                config,
                config.intermediateSize(),
                size(fields, "num_local_experts", 16),
                new Router.SparseMixer((float) jitter))
            .withNames(MIXTRAL_NAMES);
    return sparse(config, layer -> attention, experts, allLayers(config)).with(NormKind.LAYER);
  }

  /** Transformers turns by the short factors at every length; only the gain changes. */
  private static RopeConfig shortFactors(JsonFields fields, RopeConfig.LongRope rope) {
    JsonFields given =
        fields.object("rope_scaling").or(() -> fields.object("rope_parameters")).orElse(fields);
    return new RopeConfig.LongRope(
        rope.theta(),
        rope.shortFactor(),
        rope.shortFactor(),
        given.positiveNumber("short_mscale"),
        given.positiveNumber("long_mscale"),
        rope.originalMaxPositions());
  }

  /** OLMoE: queries and keys normed over their whole width. */
  private static DecoderRecipe olmo(ModelConfig config) {
    JsonFields fields = config.fields();
    if (fields.has("clip_qkv")) {
      throw fields.fault("clip_qkv", "must be null: clipped queries and keys are unsupported");
    }
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe attention =
        AttentionRecipe.plain(config).withBiases(bias, bias).withNorms(HeadNormsRecipe.WHOLE);
    ExpertsRecipe experts =
        ExpertsRecipe.of(
            "mlp",
            config,
            config.intermediateSize(),
            size(fields, "num_experts", 64),
            new Router.SoftmaxFirst(
                size(fields, "num_experts_per_tok", 8),
                fields.flag("norm_topk_prob").orElse(false),
                1));
    return sparse(config, layer -> attention, experts, allLayers(config));
  }

  /** Hunyuan-A13B: the dense one's attention; numbers may be lists with one for each layer. */
  private static DecoderRecipe hunyuan(ModelConfig config) {
    JsonFields fields = config.fields();
    if (fields.flag("use_cla").orElse(false)) {
      throw fields.fault("use_cla", "must be false: keys shared between layers are unsupported");
    }
    AttentionRecipe plain = LlamaLike.hunyuanAttention(config);
    boolean normed = fields.flag("use_qk_norm").orElse(true);
    AttentionRecipe attention = normed ? plain : plain.withNorms(HeadNormsRecipe.NONE);
    boolean normalised = fields.flag("norm_topk_prob").orElse(true);
    int count = size(fields, "num_experts", 1);
    int inner = config.intermediateSize();
    boolean mixed = fields.flag("use_mixed_mlp_moe").orElse(true);
    return DecoderRecipe.of(
        config.layers(),
        layer -> {
          int width = ofLayer(fields, "moe_intermediate_size", layer, inner);
          int each = ofLayer(fields, "moe_topk", layer, 1);
          ExpertsRecipe experts =
              ExpertsRecipe.of(
                      "mlp", config, width, count, new Router.SoftmaxFirst(each, normalised, 1))
                  .withNames(HUNYUAN_NAMES);
          int shared = inner * ofLayer(fields, "num_shared_expert", layer, 1);
          return BlockRecipe.Sequential.plain(
              attention,
              mixed
                  ? experts.withShared(
                      MlpRecipe.at("mlp.shared_mlp", config, shared), Optional.empty())
                  : experts);
        });
  }

  /** One number for all layers, or a list with one for each. */
  private static int ofLayer(JsonFields fields, String name, int layer, int usual) {
    if (!fields.isList(name)) {
      return size(fields, name, usual);
    }
    List<Integer> each = fields.integers(name);
    if (layer >= each.size() || each.get(layer) < 1 || each.get(layer) > MOST_EXPERTS) {
      throw fields.fault(name, "must hold a number from 1 for each layer, found " + each);
    }
    return each.get(layer);
  }

  private static final ExpertsRecipe.Names HUNYUAN_NAMES =
      new ExpertsRecipe.Names(
          "gate.wg", "switch_mlp", "experts", List.of("gate_proj", "up_proj", "down_proj"));

  static final ExpertsRecipe.Names MIXTRAL_NAMES =
      new ExpertsRecipe.Names("gate", "switch_mlp", "experts", List.of("w1", "w3", "w2"));

  static DecoderRecipe sparse(
      ModelConfig config,
      IntFunction<? extends MixerRecipe> attention,
      ExpertsRecipe experts,
      Set<Integer> sparse) {
    MlpRecipe dense = MlpRecipe.plain(config);
    return DecoderRecipe.of(
        config.layers(),
        layer ->
            BlockRecipe.Sequential.plain(
                attention.apply(layer), sparse.contains(layer) ? experts : dense));
  }

  static Set<Integer> allLayers(ModelConfig config) {
    return IntStream.range(0, config.layers()).boxed().collect(Collectors.toSet());
  }

  /** Every decoder_sparse_step-th layer but those of mlp_only_layers. */
  private static Set<Integer> sparseLayers(ModelConfig config) {
    JsonFields fields = config.fields();
    int step = size(fields, "decoder_sparse_step", 1);
    Set<Integer> dense = Set.copyOf(fields.integers("mlp_only_layers"));
    return IntStream.range(0, config.layers())
        .filter(layer -> (layer + 1) % step == 0 && !dense.contains(layer))
        .boxed()
        .collect(Collectors.toSet());
  }

  static int size(JsonFields fields, String name, int usual) {
    return fields.optionalPositiveInt(name, MOST_EXPERTS).orElse(usual);
  }

  /** How many, which may be none; null is none. */
  static int count(JsonFields fields, String name, int usual) {
    if (fields.isNull(name)) {
      return 0;
    }
    return fields.has(name) && fields.integer(name) == 0 ? 0 : size(fields, name, usual);
  }
}
