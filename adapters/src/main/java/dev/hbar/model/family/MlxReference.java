package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What mlx-lm reads in a config where transformers reads something else. */
final class MlxReference {
  private static final String STEPS = "time_step_limit";

  /** mlx-lm has one activation for each family, whatever the config says; others have silu. */
  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "starcoder2", "gelu",
          "gemma", "gelu",
          "gemma2", "gelu_pytorch_tanh",
          "gemma3_text", "gelu_pytorch_tanh",
          "gemma4_text", "gelu_pytorch_tanh",
          "gemma4_unified_text", "gelu_pytorch_tanh",
          "gpt_neox", "gelu_pytorch_tanh",
          "phi", "gelu_pytorch_tanh",
          "nemotron", "relu2",
          "apertus", "xielu");

  private MlxReference() {}

  /** The config as mlx-lm understands it. */
  static ModelConfig config(ModelConfig config) {
    return ofFamily(with(config, activation(config.modelType())));
  }

  private static String activation(String modelType) {
    String name = ACTIVATIONS.getOrDefault(modelType, "silu");
    return ActivationKind.FIELDS.stream()
        .map(field -> "\"%s\": \"%s\"".formatted(field, name))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static ModelConfig ofFamily(ModelConfig config) {
    return switch (config.modelType()) {
      case "llama4_text" -> with(config, Llama4.OF_MLX_LM);
      case "granitemoehybrid" ->
          config.fields().has(STEPS) ? config : with(config, "{\"" + STEPS + "\": [0.001, 100.0]}");
      case "hunyuan", "hunyuan_v1_moe" -> with(config, "{\"norm_topk_prob\": false}");
      case "nemotron_h" -> with(config, least(config.fields()));
      case "gpt_oss" ->
          config.rope() instanceof RopeConfig.Yarn yarn
              ? config.with(truncated(yarn), config.fields())
              : config;
      default -> config;
    };
  }

  /** transformers 5.24 rebuilds this class for one model type alone, and to something else. */
  static Tokenizer tokenizer(Path checkpoint, ModelConfig config) {
    return config.modelType().equals("llama")
        ? Tokenizer.openRebuilt(checkpoint, Set.of("LlamaTokenizer", "LlamaTokenizerFast"))
        : Tokenizer.open(checkpoint);
  }

  private static ModelConfig with(ModelConfig config, String fields) {
    JsonFields own = JsonFields.ofText(config.file(), fields);
    return config.with(config.rope(), own.over(config.fields()));
  }

  /** The limits of steps, where there are some, go before the least step. */
  private static String least(JsonFields fields) {
    List<Double> limits = fields.numbers(STEPS);
    double least = limits.isEmpty() ? 0 : limits.getFirst();
    return String.format(
        Locale.ROOT, "{\"mamba_dt_min\": %s, \"time_step_min\": %s}", least, least);
  }

  /** Whole frequencies bound the blend, whatever {@code truncate} says. */
  private static RopeConfig truncated(RopeConfig.Yarn yarn) {
    return new RopeConfig.Yarn(
        yarn.theta(),
        yarn.factor(),
        yarn.attentionFactor(),
        yarn.betaFast(),
        yarn.betaSlow(),
        yarn.originalMaxPositions(),
        true);
  }
}
