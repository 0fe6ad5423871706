package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Which model_type is built by which recipe: what each family does differently, side by side. */
final class Families {
  private static final Map<String, Family> BY_TYPE = new HashMap<>();

  static {
    BY_TYPE.put("llama", Families::llama);
    BY_TYPE.put("mistral", Families::mistral);
    BY_TYPE.put("phi3", Families::phi3);
    BY_TYPE.put("qwen2", Families::qwen2);
    BY_TYPE.put("qwen3", Families::qwen3);
    // Positions of text are the same in all parts of a head, so their rope is the plain one.
    for (String seeing : List.of("qwen2_vl", "qwen2_5_vl")) {
      BY_TYPE.put(seeing, Families::qwen2);
      BY_TYPE.put(seeing + "_text", Families::qwen2);
    }
    // MiMo adds heads that predict further tokens, which are left out.
    BY_TYPE.put("mimo", Families::qwen2);
    BY_TYPE.put("iquestcoder", Families::llama);
    BY_TYPE.put("qwen3_vl", Families::qwen3);
    BY_TYPE.put("qwen3_vl_text", Families::qwen3);
    BY_TYPE.putAll(LlamaLike.FAMILIES);
    BY_TYPE.putAll(PostNormed.FAMILIES);
    BY_TYPE.putAll(LayerNormed.FAMILIES);
    BY_TYPE.putAll(Gemma.FAMILIES);
    BY_TYPE.putAll(Gemma4.FAMILIES);
    BY_TYPE.putAll(MixtureFamilies.BY_TYPE);
    BY_TYPE.putAll(GroupedMixtures.FAMILIES);
    BY_TYPE.putAll(QwenHybrids.FAMILIES);
    BY_TYPE.putAll(Lfm2.FAMILIES);
    BY_TYPE.putAll(GraniteHybrid.FAMILIES);
    BY_TYPE.putAll(NemotronHybrid.FAMILIES);
    BY_TYPE.putAll(Llama4.FAMILIES);
  }

  /** Families whose windows mlx-lm leaves out. */
  private static final Set<String> WITHOUT_WINDOWS =
      Set.of(
          "mistral",
          "phi3",
          "qwen2",
          "qwen3",
          "qwen2_vl",
          "qwen2_vl_text",
          "qwen2_5_vl",
          "qwen2_5_vl_text",
          "qwen2_moe",
          "qwen3_moe",
          "mixtral",
          "dots1",
          "smollm3",
          "gemma2",
          "starcoder2");

  /** Families whose head is a matrix of its own whatever the config says. */
  private static final Set<String> NEVER_TIED = Set.of("nemotron_h");

  private Families() {}

  /** Whether the head is the embedding; empty: where the checkpoint has no other. */
  static Optional<Boolean> tied(ModelConfig config) {
    return NEVER_TIED.contains(config.modelType())
        ? Optional.of(false)
        : config.tieWordEmbeddings();
  }

  /**
   * The model types that can be built, for a reader that refuses others by name, each with what its
   * absent fields mean.
   */
  public static Map<String, JsonFields> supported() {
    Map<String, JsonFields> supported = new HashMap<>();
    BY_TYPE.keySet().forEach(type -> supported.put(type, FamilyDefaults.of(type)));
    return supported;
  }

  /** As {@code reference} computes it. */
  static DecoderRecipe recipe(ModelConfig config, RopeReference reference) {
    DecoderRecipe recipe = recipe(read(config, reference));
    return reference == RopeReference.MLX_LM && WITHOUT_WINDOWS.contains(config.modelType())
        ? recipe.withoutWindows()
        : recipe;
  }

  /** A config as the reference reads it. */
  static ModelConfig read(ModelConfig config, RopeReference reference) {
    return reference == RopeReference.MLX_LM ? MlxReference.config(config) : config;
  }

  static DecoderRecipe recipe(ModelConfig config) {
    return BY_TYPE.get(config.modelType()).recipe(config);
  }

  /** Llama 1 to 3.x: biases on all projections or on none, as the config says. */
  private static DecoderRecipe llama(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    return everywhere(
        config,
        AttentionRecipe.plain(config).withBiases(bias, bias),
        MlpRecipe.plain(config).withBias(config.mlpBias()));
  }

  /** Mistral and Mistral-Nemo: a window on every layer, often null. */
  private static DecoderRecipe mistral(ModelConfig config) {
    OptionalInt size = config.window().sizeOr(Windows.DEFAULT_SIZE);
    return everywhere(
        config, AttentionRecipe.plain(config).withWindow(size), MlpRecipe.plain(config));
  }

  /** Phi-3, 3.5 and 4-mini: fused projections, a window on every layer where there is one. */
  private static DecoderRecipe phi3(ModelConfig config) {
    return everywhere(
        config,
        AttentionRecipe.plain(config)
            .with(AttentionRecipe.Projection.FUSED)
            .withWindow(config.window().size()),
        MlpRecipe.plain(config).withFusedProjections());
  }

  /** Qwen2 and 2.5: biases on q, k and v whatever the config says, windows on the upper layers. */
  private static DecoderRecipe qwen2(ModelConfig config) {
    return qwen(config, AttentionRecipe.plain(config).withBiases(true, false));
  }

  /** Qwen3: normed query and key heads, attention biases where the config says so. */
  private static DecoderRecipe qwen3(ModelConfig config) {
    boolean bias = config.attentionBias().orElse(false);
    return qwen(config, AttentionRecipe.plain(config).withBiases(bias, bias).withHeadNorms());
  }

  private static DecoderRecipe qwen(ModelConfig config, AttentionRecipe attention) {
    List<OptionalInt> windows = Windows.upperLayers(config);
    MlpRecipe mlp = MlpRecipe.plain(config);
    return DecoderRecipe.of(
        config.layers(),
        layer -> BlockRecipe.Sequential.plain(attention.withWindow(windows.get(layer)), mlp));
  }

  /** The same pre-norm block on every layer. */
  static DecoderRecipe everywhere(ModelConfig config, MixerRecipe mixer, ChannelRecipe mlp) {
    return DecoderRecipe.of(config.layers(), layer -> BlockRecipe.Sequential.plain(mixer, mlp));
  }
}
