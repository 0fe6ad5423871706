package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of the text model in a config: its own, or those of the {@code text_config} of a model
 * that also sees or hears, with what its family takes absent fields for.
 */
final class TextConfig {
  private static final String TYPE = "model_type";
  private static final String TIED = "tie_word_embeddings";

  /** Said for the whole model, and valid for its text model. */
  private static final Set<String> SHARED =
      Set.of(
          "quantization",
          "quantization_config",
          "torch_dtype",
          "dtype",
          TIED,
          "eos_token_id",
          "bos_token_id");

  /** A text checkpoint must give its sizes; a text_config leaves out those of its family. */
  private static final Set<String> SIZES =
      Set.of(
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads");

  private TextConfig() {}

  static JsonFields of(JsonFields config, Map<String, JsonFields> supported) {
    if (!config.isObject("text_config")) {
      return named(config, supported).without(Set.of());
    }
    JsonFields own = config.object("text_config").orElseThrow();
    JsonFields text = own.over(config.only(SHARED));
    if (!text.has(TYPE)) {
      text = text.over(JsonFields.ofText(config.file(), "{\"model_type\":\"\"}"));
    }
    return text.over(defaults(text, supported).without(Set.of(TIED)));
  }

  private static JsonFields named(JsonFields config, Map<String, JsonFields> supported) {
    return config.over(defaults(config, supported).without(SIZES));
  }

  private static JsonFields defaults(JsonFields text, Map<String, JsonFields> supported) {
    String modelType = text.text(TYPE).orElse("");
    if (!supported.containsKey(modelType)) {
      String found = modelType.isEmpty() ? "is missing" : "is " + ErrorText.quoted(modelType);
      throw text.fault(
          TYPE, found + ", supported are " + String.join(", ", new TreeSet<>(supported.keySet())));
    }
    return supported.get(modelType);
  }
}
