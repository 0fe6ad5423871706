package dev.hbar.attention;

/**
 * How a causal mask reaches the fused attention. Both give the same numbers; padded rows always
 * need the array.
 */
public enum MaskChoice {
  /** MLX's causal mode where every row is full, the additive mask where rows are padded. */
  AUTO,
  /** Always the additive mask in the activations' dtype. */
  ADDITIVE
}
