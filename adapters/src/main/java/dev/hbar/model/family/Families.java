package dev.hbar.model.family;

import dev.hbar.model.checkpoint.ModelConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which model_type is built by which recipe: what each family does differently, side by side. */
public final class Families {
  private static final Map<String, Family> BY_TYPE =
      Map.of(
          "llama", Families::llama,
          "mistral", Families::mistral,
          "phi3", Families::phi3,
          "qwen2", Families::qwen2,
          "qwen3", Families::qwen3);

  private static Optional<Family> family(String modelType) {
    return Optional.ofNullable(BY_TYPE.get(modelType))
        .or(() -> Optional.ofNullable(MixtureFamilies.BY_TYPE.get(modelType)));
  }

  /** The width of a head where a config leaves it out, unless it is hidden_size by heads. */
  private static final Map<String, Integer> USUAL_HEAD_DIM = Map.of("qwen3", 128);

  private Families() {}

  /**
   * The model types that can be built, for a reader that refuses others by name, each to its usual
   * head_dim if it has one.
   */
  public static Map<String, OptionalInt> supported() {
    return Stream.of(BY_TYPE, MixtureFamilies.BY_TYPE)
        .flatMap(families -> families.keySet().stream())
        .collect(Collectors.toMap(Function.identity(), Families::usualHeadDim));
  }

  private static OptionalInt usualHeadDim(String modelType) {
    Integer usual = USUAL_HEAD_DIM.get(modelType);
    return usual == null ? OptionalInt.empty() : OptionalInt.of(usual);
  }

  static DecoderRecipe recipe(ModelConfig config) {
    return family(config.modelType()).orElseThrow().recipe(config);
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
        AttentionRecipe.plain(config).withFusedProjections().withWindow(config.window().size()),
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
  private static DecoderRecipe everywhere(
      ModelConfig config, MixerRecipe mixer, ChannelRecipe mlp) {
    return DecoderRecipe.of(config.layers(), layer -> BlockRecipe.Sequential.plain(mixer, mlp));
  }
}
