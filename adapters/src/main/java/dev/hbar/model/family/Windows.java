package dev.hbar.model.family;

import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WindowConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Which layers see only the last keys, by the rules of transformers' configuration classes. */
final class Windows {
  /** What an absent {@code sliding_window} means to Mistral and Qwen. */
  static final int DEFAULT_SIZE = 4096;

  /** What an absent {@code max_window_layers} means to Qwen. */
  private static final int DEFAULT_FULL_LAYERS = 28;

  private Windows() {}

  /** Whether a layer has a window: as {@code layer_types} says, else by the family's pattern. */
  static boolean slides(ModelConfig config, int layer, boolean byPattern) {
    List<WindowConfig.LayerType> types = config.window().layerTypes();
    return types.isEmpty()
        ? byPattern
        : types.get(layer) == WindowConfig.LayerType.SLIDING_ATTENTION;
  }

  /**
   * Qwen2-MoE's rule: with {@code use_sliding_window}, a window on the layers that {@code
   * layer_types} names, else on every second one below {@code max_window_layers}, the first
   * included.
   */
  static List<OptionalInt> alternatingBelow(ModelConfig config) {
    WindowConfig window = config.window();
    OptionalInt size =
        window.used().orElse(false) ? window.sizeOr(DEFAULT_SIZE) : OptionalInt.empty();
    int below = window.maxWindowLayers().orElse(DEFAULT_FULL_LAYERS);
    List<WindowConfig.LayerType> types = window.layerTypes();
    return IntStream.range(0, config.layers())
        .mapToObj(
            layer ->
                types.isEmpty()
                    ? layer % 2 == 0 && layer < below
                    : types.get(layer) == WindowConfig.LayerType.SLIDING_ATTENTION)
        .map(slides -> slides ? size : OptionalInt.empty())
        .toList();
  }

  /**
   * Qwen's rule: with {@code use_sliding_window}, a window on the layers that {@code layer_types}
   * names, else on those from {@code max_window_layers} on.
   */
  static List<OptionalInt> upperLayers(ModelConfig config) {
    WindowConfig window = config.window();
    OptionalInt size =
        window.used().orElse(false) ? window.sizeOr(DEFAULT_SIZE) : OptionalInt.empty();
    List<WindowConfig.LayerType> types = window.layerTypes();
    if (size.isEmpty() && types.contains(WindowConfig.LayerType.SLIDING_ATTENTION)) {
      throw CheckpointException.inField(
          config.file(),
          "layer_types",
          "layer_types has sliding_attention, but use_sliding_window gives no window",
          "set use_sliding_window and sliding_window as the model was trained");
    }
    int fullLayers = window.maxWindowLayers().orElse(DEFAULT_FULL_LAYERS);
    return IntStream.range(0, config.layers())
        .mapToObj(
            layer ->
                types.isEmpty()
                    ? layer >= fullLayers
                    : types.get(layer) == WindowConfig.LayerType.SLIDING_ATTENTION)
        .map(slides -> slides ? size : OptionalInt.empty())
        .toList();
  }
}
