package dev.hbar.model.layer;

/** Norms of queries and keys. */
public sealed interface HeadNorms {
  /** Families without. */
  HeadNorms NONE = new None();

  /** Neither is normed. */
  record None() implements HeadNorms {}

  /**
   * Of single heads, before they turn.
   *
   * @param query of [B, T, heads, headDim], the same for every query head or each its own
   * @param key of [B, T, kvHeads, headDim]
   */
  record Each(Norm query, Norm key) implements HeadNorms {}

  /** Of all heads together, before they are split: [B, T, heads * headDim]. */
  record Whole(Norm query, Norm key) implements HeadNorms {}

  /** Of single heads, after they have turned: [B, heads, T, headDim]. */
  record Turned(Norm query, Norm key) implements HeadNorms {}
}
