package dev.hbar.model.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which layers of a checkpoint are packed and how. Whether a layer is packed at all is decided by
 * the presence of its scales; this says with which numbers.
 *
 * @param defaults for every path that is not named
 * @param overrides by path, such as {@code model.embed_tokens}
 * @param dense paths that the config declares as not packed
 */
public record QuantizationConfig(
    Quantization defaults, Map<String, Quantization> overrides, Set<String> dense) {
  /** Copies the collections. */
  public QuantizationConfig {
    overrides = Map.copyOf(overrides);
    dense = Set.copyOf(dense);
  }

  /** How the layer at {@code path} is packed; empty when it is declared dense. */
  public Optional<Quantization> forPath(String path) {
    return dense.contains(path)
        ? Optional.empty()
        : Optional.of(overrides.getOrDefault(path, defaults));
  }

  /**
   * The same for a layer whose tensors are known. Biases beside the scales are of affine packing
   * alone: an override without a mode may repeat the numbers of another mode's default.
   */
  public Optional<Quantization> forPath(String path, boolean biases) {
    return forPath(path).map(packing -> biases ? packing.affine() : packing);
  }
}
