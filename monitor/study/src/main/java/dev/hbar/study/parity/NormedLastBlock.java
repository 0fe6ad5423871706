package dev.hbar.study.parity;

/**
 * Recognizes a reference whose last block output is really the state after the final norm: that is
 * what transformers gives as its last hidden state, and it once passed for a fault in the last
 * layer.
 */
final class NormedLastBlock {
  private static final double CLOSE = 0.05;
  private static final double MUCH = 10;

  private NormedLastBlock() {}

  /**
   * @param toRaw the error of our raw output against the reference's
   * @param toNormed the error of a normed state against the same values
   */
  static boolean is(ErrorStatistics toRaw, ErrorStatistics toNormed) {
    return toNormed.relative() < CLOSE && toNormed.relative() * MUCH < toRaw.relative();
  }

  static String note(int layers) {
    return "block.%s.output of the reference is the state after the final norm, as in the last entry of transformers' hidden_states; it is left out"
        .formatted(layers - 1);
  }
}
