package dev.hbar.model.layer;

/**
 * Heads of an attention layer. Grouped-query attention: each key/value head serves heads/kvHeads
 * query heads.
 *
 * @param headDim size of one head; not always hidden/heads
 * @param scale the factor on q k^T
 */
public record AttentionShape(int heads, int kvHeads, int headDim, float scale) {
  /** With the usual factor, 1/sqrt(headDim). */
  public AttentionShape(int heads, int kvHeads, int headDim) {
    this(heads, kvHeads, headDim, (float) (1.0 / Math.sqrt(headDim)));
  }

  /** The same heads with another factor. */
  public AttentionShape scaled(double factor) {
    return new AttentionShape(heads, kvHeads, headDim, (float) factor);
  }
}
