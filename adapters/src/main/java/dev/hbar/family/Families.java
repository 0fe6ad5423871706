package dev.hbar.family;

import dev.hbar.checkpoint.ModelConfig;
import java.util.Map;
import java.util.Set;

/** Which model_type is built by which recipe. */
public final class Families {
  private static final Map<String, Family> BY_TYPE = Map.of("llama", new Llama());

  private Families() {}

  /** The model types that can be built, for a reader that refuses others by name. */
  public static Set<String> supported() {
    return BY_TYPE.keySet();
  }

  static Family of(ModelConfig config) {
    return BY_TYPE.get(config.modelType());
  }
}
