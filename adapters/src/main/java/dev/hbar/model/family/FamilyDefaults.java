package dev.hbar.model.family;

import dev.hbar.model.checkpoint.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an absent field of config.json means to a family: the defaults of transformers'
 * configuration classes, as scripts/fixtures/family_defaults.py reads them.
 */
final class FamilyDefaults {
  private static final String FILE = "defaults.json";
  private static final JsonFields ALL = read();

  /** Types under which checkpoints of another's code are published. */
  private static final Map<String, String> SAME =
      Map.of(
          "kimi_k2", "deepseek_v3",
          "joyai_llm_flash", "deepseek_v3",
          "iquestcoder", "llama",
          "mimo", "qwen2",
          "hunyuan", "hunyuan_v1_moe",
          "minimax", "minimax_m2");

  private FamilyDefaults() {}

  /**
   * Those of one model_type, or of its text model; none at all for a type that transformers does
   * not have.
   */
  static JsonFields of(String modelType) {
    String known = SAME.getOrDefault(modelType, modelType);
    return ALL.object(known)
        .or(() -> ALL.object(known + "_text"))
        .orElse(JsonFields.empty(Path.of(FILE)));
  }

  private static JsonFields read() {
    try (InputStream in = FamilyDefaults.class.getResourceAsStream(FILE)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return JsonFields.ofText(Path.of(FILE), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
