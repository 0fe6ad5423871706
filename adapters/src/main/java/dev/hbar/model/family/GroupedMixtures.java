package dev.hbar.model.family;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Mixtures whose router corrects its scores or chooses inside groups, as DeepSeek's do. */
final class GroupedMixtures {
  static final Map<String, Family> FAMILIES =
      Map.ofEntries(
          Map.entry("solar_open", GroupedMixtures::solar),
          Map.entry("dots1", GroupedMixtures::dots),
          Map.entry("glm4_moe", GroupedMixtures::glm4),
          Map.entry("glm4_moe_lite", GroupedMixtures::glm4Lite),
          Map.entry("deepseek_v2", GroupedMixtures::deepSeek2),
          Map.entry("deepseek_v3", GroupedMixtures::deepSeek),
          Map.entry("kimi_k2", GroupedMixtures::deepSeek),
          Map.entry("joyai_llm_flash", GroupedMixtures::deepSeek),
          Map.entry("exaone_moe", GroupedMixtures::exaone),
          Map.entry("ernie4_5_moe", GroupedMixtures::ernie),
          Map.entry("minimax", GroupedMixtures::miniMax),
          Map.entry("minimax_m2", GroupedMixtures::miniMax));

  private static final String CORRECTION = "e_score_correction_bias";
  private static final String TYPES = "mlp_layer_types";

  private GroupedMixtures() {}

  /** Sigmoid routing inside groups of experts; the first layers are dense. */
  private static DecoderRecipe glm4(ModelConfig config) {
    return glm4(config, from(config.fields(), 1, config.layers()));
  }

  /** The same with experts on every layer, whatever first_k_dense_replace says. */
  private static DecoderRecipe solar(ModelConfig config) {
    return glm4(config, layers(0, config.layers(), layer -> true));
  }

  private static DecoderRecipe glm4(ModelConfig config, Set<Integer> sparse) {
    JsonFields fields = config.fields();
    AttentionRecipe plain =
        AttentionRecipe.plain(config).withBiases(config.attentionBias().orElse(false), false);
    AttentionRecipe attention =
        fields.flag("use_qk_norm").orElse(false) ? plain.withHeadNorms() : plain;
    return MixtureFamilies.sparse(config, layer -> attention, sigmoidExperts(config), sparse);
  }

  /** Dots: Qwen3's head norms and windows on the upper layers, DeepSeek-V3's kind of mixture. */
  private static DecoderRecipe dots(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = config.attentionBias().orElse(false);
    AttentionRecipe attention =
        AttentionRecipe.plain(config).withBiases(bias, bias).withHeadNorms();
    int full = config.window().maxWindowLayers().orElse(config.layers());
    Set<Integer> sparse = from(fields, 0, config.layers());
    return MixtureFamilies.sparse(
        config,
        layer ->
            Windows.slides(config, layer, layer >= full)
                ? attention.withWindow(config.window().size())
                : attention,
        sigmoidExperts(config).withNames(DOTS_NAMES),
        sparse);
  }

  /** DeepSeek-V3 and Kimi-K2: latent attention; the first layers are dense. */
  private static DecoderRecipe deepSeek(ModelConfig config) {
    JsonFields fields = config.fields();
    LatentAttentionRecipe attention = LatentAttentionRecipe.of(config);
    Set<Integer> sparse = from(fields, 3, config.layers());
    return MixtureFamilies.sparse(config, layer -> attention, sigmoidExperts(config), sparse);
  }

  /** GLM-4.7-Flash: the same, dense where mlp_layer_types says so, or on the first layer. */
  private static DecoderRecipe glm4Lite(ModelConfig config) {
    List<String> types = config.fields().texts(TYPES);
    LatentAttentionRecipe attention = LatentAttentionRecipe.of(config);
    Set<Integer> sparse =
        layers(
            0,
            config.layers(),
            layer -> types.isEmpty() ? layer > 0 : types.get(layer).equals("sparse"));
    return MixtureFamilies.sparse(config, layer -> attention, sigmoidExperts(config), sparse);
  }

  /** DeepSeek-V2: shares among all experts, a group judged by its best. */
  private static DecoderRecipe deepSeek2(ModelConfig config) {
    JsonFields fields = config.fields();
    int inner = size(fields, "moe_intermediate_size", 1407);
    boolean grouped = fields.text("topk_method").orElse("greedy").equals("group_limited_greedy");
    Router.Grouped rule =
        new Router.Grouped(
            Router.Worth.SOFTMAX,
            size(fields, "num_experts_per_tok", 6),
            Optional.empty(),
            grouped ? size(fields, "n_group", 1) : 1,
            grouped ? size(fields, "topk_group", 1) : 1,
            false,
            0,
            (float) fields.optionalPositiveNumber("routed_scaling_factor").orElse(1));
    int count = size(fields, "n_routed_experts", 64);
    int shared = inner * MixtureFamilies.count(fields, "n_shared_experts", 2);
    LatentAttentionRecipe attention = LatentAttentionRecipe.of(config);
    return MixtureFamilies.sparse(
        config,
        layer -> attention,
        ExpertsRecipe.of("mlp", config, inner, count, rule)
            .withShared(MlpRecipe.at("mlp.shared_experts", config, shared), Optional.empty()),
        from(fields, 0, config.layers()));
  }

  /** K-EXAONE: EXAONE 4's heads, ropes and windows behind norms, DeepSeek-V3's mixture. */
  private static DecoderRecipe exaone(ModelConfig config) {
    JsonFields fields = config.fields();
    List<String> types = fields.texts(TYPES);
    if (!types.isEmpty() && types.size() != config.layers()) {
      throw fields.fault(
          TYPES, "must have %s entries, found %s".formatted(config.layers(), types.size()));
    }
    Set<Integer> sparse =
        types.isEmpty()
            ? from(fields, 1, config.layers())
            : layers(0, config.layers(), layer -> types.get(layer).equals("sparse"));
    return MixtureFamilies.sparse(
        config,
        layer -> PostNormed.localOrGlobal(config, layer),
        sigmoidExperts(config, "num_experts", "num_shared_experts"),
        sparse);
  }

  /** ERNIE 4.5 with experts: shares among all, chosen with a correction where there is one. */
  private static DecoderRecipe ernie(ModelConfig config) {
    JsonFields fields = config.fields();
    boolean bias = fields.flag("use_bias").orElse(false);
    int inner = size(fields, "moe_intermediate_size", 1536);
    int count = size(fields, "moe_num_experts", 64);
    int shared = MixtureFamilies.count(fields, "moe_num_shared_experts", 2);
    String activity = fields.text("moe_gate_act").orElse("softmax");
    if (!activity.equals("softmax")) {
      throw fields.fault("moe_gate_act", "must be softmax, found " + ErrorText.quoted(activity));
    }
    ExpertsRecipe.RouterRule rule =
        (parts, own) ->
            new Router.Grouped(
                Router.Worth.SOFTMAX,
                size(fields, "moe_k", 6),
                parts.weights().row(own + ".moe_statics." + CORRECTION, count),
                1,
                1,
                true,
                0,
                1);
    MlpRecipe beside = MlpRecipe.at("mlp.shared_experts", config, inner * shared).withBias(bias);
    ExpertsRecipe experts =
        ExpertsRecipe.of("mlp", config, inner, count, new Router.TopFirst(1))
            .withRule(rule)
            .withShared(beside, Optional.empty());
    int every = size(fields, "moe_layer_interval", 1);
    int first = bound(fields, "moe_layer_start_index", 1);
    int last = bound(fields, "moe_layer_end_index", config.layers() - 1);
    AttentionRecipe attention =
        AttentionRecipe.plain(config)
            .withBiases(bias, bias)
            .with(RopeRecipe.of(config).withInterleaving());
    MlpRecipe dense = MlpRecipe.plain(config).withBias(bias);
    return DecoderRecipe.of(
        config.layers(),
        layer ->
            BlockRecipe.Sequential.plain(
                attention,
                (layer + 1) % every == 0 && layer >= first && layer <= last ? experts : dense));
  }

  /** A layer's number; -1 and absence mean the usual. */
  private static int bound(JsonFields fields, String name, int usual) {
    return fields.has(name) && fields.integer(name) >= 0 ? fields.integer(name) : usual;
  }

  /** MiniMax-M2: heads normed over their whole width, a part of each turns. */
  private static DecoderRecipe miniMax(ModelConfig config) {
    JsonFields fields = config.fields();
    if (fields.integers("attn_type_list").contains(0)) {
      throw fields.fault("attn_type_list", "must hold 1 only: linear attention is unsupported");
    }
    int count = size(fields, "num_local_experts", 256);
    ExpertsRecipe.RouterRule rule =
        (parts, own) ->
            new Router.Grouped(
                Router.Worth.SIGMOID,
                size(fields, "num_experts_per_tok", 8),
                Optional.of(parts.weights().float32(own + "." + CORRECTION, count)),
                1,
                1,
                true,
                0,
                1);
    ExpertsRecipe experts =
        ExpertsRecipe.of(
                "block_sparse_moe",
                config,
                config.intermediateSize(),
                count,
                new Router.TopFirst(1))
            .withNames(MixtureFamilies.MIXTRAL_NAMES)
            .withRule(rule);
    AttentionRecipe plain = AttentionRecipe.plain(config);
    boolean normed = fields.flag("use_qk_norm").orElse(true);
    return Families.everywhere(
        config, normed ? plain.withNorms(HeadNormsRecipe.WHOLE) : plain, experts);
  }

  /** DeepSeek-V3's kind of mixture, with the defaults of GLM-4.5's config. */
  static ExpertsRecipe sigmoidExperts(ModelConfig config) {
    return sigmoidExperts(config, "n_routed_experts", "n_shared_experts");
  }

  private static ExpertsRecipe sigmoidExperts(ModelConfig config, String routed, String beside) {
    JsonFields fields = config.fields();
    int inner = size(fields, "moe_intermediate_size", 1408);
    int count = size(fields, routed, 128);
    int shared = MixtureFamilies.count(fields, beside, 1);
    ExpertsRecipe.RouterRule rule =
        (parts, own) ->
            new Router.Grouped(
                Router.Worth.SIGMOID,
                size(fields, "num_experts_per_tok", 8),
                Optional.of(parts.weights().float32(correction(parts, own), count)),
                size(fields, "n_group", 1),
                size(fields, "topk_group", 1),
                fields.flag("norm_topk_prob").orElse(true),
                1e-20f,
                (float) fields.optionalPositiveNumber("routed_scaling_factor").orElse(1));
    return ExpertsRecipe.of("mlp", config, inner, count, new Router.TopFirst(1))
        .withRule(rule)
        .withShared(MlpRecipe.at("mlp.shared_experts", config, inner * shared), Optional.empty());
  }

  /** mlx-lm stacks them where transformers has them one by one. */
  private static final ExpertsRecipe.Names DOTS_NAMES =
      new ExpertsRecipe.Names(
          "gate", "experts", "experts", List.of("gate_proj", "up_proj", "down_proj"));

  /** With the router, or in files of some families as transformers saves them, beside it. */
  private static String correction(Parts parts, String own) {
    String beside = own + "." + CORRECTION;
    return parts.weights().has(beside) ? beside : own + ".gate." + CORRECTION;
  }

  /** The layers from first_k_dense_replace on. */
  private static Set<Integer> from(JsonFields fields, int usual, int layers) {
    String name = "first_k_dense_replace";
    return layers(fields.has(name) ? fields.integer(name) : usual, layers, layer -> true);
  }

  private static Set<Integer> layers(int first, int end, IntPredicate chosen) {
    return IntStream.range(first, end).filter(chosen).boxed().collect(Collectors.toSet());
  }

  private static int size(JsonFields fields, String name, int usual) {
    return MixtureFamilies.size(fields, name, usual);
  }
}
