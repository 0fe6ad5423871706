package dev.hbar.mlx;

/**
 * The attention mask, closed over the three things that MLX's fused attention takes: a string and
 * an array that do not fit each other are silently no mask at all.
 */
public sealed interface Mask {
  /** No mask. */
  Mask NONE = new None();

  /** MLX's causal mode. */
  Mask CAUSAL = new Causal();

  /** Every query sees every key; right for a single query at the end of the cache. */
  record None() implements Mask {}

  /** MLX's causal mode, aligned to the lower right: the last query sees all keys. */
  record Causal() implements Mask {}

  /**
   * An additive mask in the dtype of the activations, broadcastable to [B, heads, queries, keys]; a
   * wider dtype fails with "Mask type must promote to output type".
   */
  record Additive(MlxArray mask) implements Mask {}
}
