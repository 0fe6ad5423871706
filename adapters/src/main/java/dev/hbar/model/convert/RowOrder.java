package dev.hbar.model.convert;

/**
 * Which row of a GGUF tensor belongs to which row of the checkpoint. GGUF stores the rows of each
 * query and key head so that the two halves which rotate together alternate; checkpoints have one
 * half after the other.
 *
 * @param headRows rows of one head, or 0 when the order is the same
 */
record RowOrder(int headRows) {

  static final RowOrder SAME = new RowOrder(0);

  boolean isSame() {
    return headRows == 0;
  }

  /** The row of the GGUF head that becomes row {@code row} of the checkpoint's head. */
  int source(int row) {
    int half = headRows / 2;
    return isSame() ? row : row % half * 2 + row / half;
  }
}
