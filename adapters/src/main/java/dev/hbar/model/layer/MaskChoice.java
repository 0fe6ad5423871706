package dev.hbar.model.layer;

/**
 * How a causal mask reaches the attention. All give the same numbers; padded rows always need the
 * array.
 */
public enum MaskChoice {
  /** What is fastest on the device. */
  AUTO,
  /** MLX's fused attention in its causal mode, where every row is full. */
  CAUSAL,
  /** MLX's fused attention, always with the additive mask in the activations' dtype. */
  ADDITIVE
}
