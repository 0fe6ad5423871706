package dev.hbar.monitor.signal;

/**
 * What the graph of a step is reduced to: a few float32 numbers of each row, [B, n]. The signals
 * are arithmetic on them, which is done in double on the host ({@link Reduced}).
 *
 * <p>z are the logits, x the chosen token, d = z - max z and e = exp(d).
 */
enum Reduction {
  /** d[x], and the sum of e over the tokens not chosen. */
  CHOSEN,
  /** The sum of e^2 over the tokens not chosen. */
  SQUARES,
  /** The sums over all tokens of e d, e^(1/4) and e^(1/2), and the mean of d. */
  SUMS,
  /** The largest z, in no order: {@value TopLogits#MOST}, or all. */
  LIKELIEST,
  /** mean_i |x_i - mean_j x_j|^2 of the blocks' directions x. */
  SPREAD,
  /** |x_t - x_(t-1)|^2 of the direction of each watched block. */
  DRIFTS;

  /**
   * Numbers per row.
   *
   * @param watched number of blocks whose drift is measured
   * @param vocabulary number of tokens
   */
  int width(int watched, int vocabulary) {
    return switch (this) {
      case CHOSEN -> 2;
      case SQUARES, SPREAD -> 1;
      case SUMS -> 4;
      case LIKELIEST -> TopLogits.count(vocabulary);
      case DRIFTS -> watched;
    };
  }
}
