package dev.hbar.model.layer;

/**
 * Heads of an attention layer. Grouped-query attention: each key/value head serves heads/kvHeads
 * query heads.
 *
 * @param headDim size of one head; not always hidden/heads
 */
public record AttentionShape(int heads, int kvHeads, int headDim) {
  /** 1/sqrt(headDim), the factor on q k^T. */
  public float scale() {
    return (float) (1.0 / Math.sqrt(headDim));
  }
}
