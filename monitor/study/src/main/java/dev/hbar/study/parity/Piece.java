package dev.hbar.study.parity;

/**
 * The elements of one position in a state [outer, positions, inner] that lies row by row.
 *
 * @param inner elements between two positions
 */
record Piece(int position, int positions, int inner) {
  /** A whole array as one position. */
  static Piece whole(float[] values) {
    return new Piece(0, 1, values.length);
  }

  /** How many elements of an array belong to it. */
  int size(float[] values) {
    return values.length / positions;
  }

  /** The place of its i-th element. */
  int index(int i) {
    return (i / inner * positions + position) * inner + i % inner;
  }
}
