package dev.hbar.model.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a config says about sliding windows. Families read these fields differently (Qwen needs
 * {@code use_sliding_window}, Mistral and Phi-3 do not have it), so nothing is decided here.
 *
 * @param size {@code sliding_window}: keys that a query sees, itself included
 * @param unlimited {@code sliding_window} is there and null, which differs from being absent
 * @param used {@code use_sliding_window}
 * @param maxWindowLayers {@code max_window_layers}: the first so many layers see everything
 * @param layerTypes {@code layer_types}, one per layer, or empty
 */
public record WindowConfig(
    OptionalInt size,
    boolean unlimited,
    Optional<Boolean> used,
    OptionalInt maxWindowLayers,
    List<LayerType> layerTypes) {
  /** How one layer attends. */
  public enum LayerType {
    /** To every earlier position. */
    FULL_ATTENTION,
    /** To the last positions only. */
    SLIDING_ATTENTION,
    /** To the positions of its chunk only. */
    CHUNKED_ATTENTION,
    /** Not at all: a gated delta net (or Mamba, in some configs) in its place. */
    LINEAR_ATTENTION,
    /** Not at all: a short convolution in its place. */
    CONV,
    /** Not at all: a Mamba mixer in its place. */
    MAMBA
  }

  /** Copies the list. */
  public WindowConfig {
    layerTypes = List.copyOf(layerTypes);
  }

  /** The size, where {@code absent} is what a missing field means to the family. */
  public OptionalInt sizeOr(int absent) {
    return size.isPresent() || unlimited ? size : OptionalInt.of(absent);
  }
}
