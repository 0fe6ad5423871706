package dev.hbar.attention;

import java.util.Arrays;

/**
 * Which columns of a cache hold tokens, for every row, and how many tokens each row has. Rows of a
 * batch have different lengths: a shorter row has padding to the left of each piece that was
 * appended, and its positions do not count it.
 */
final class RowLayout {
  private final int[] tokens;
  private boolean[][] valid;
  private int columns;
  private boolean padded;

  RowLayout(int rows) {
    this.tokens = new int[rows];
    this.valid = new boolean[rows][0];
  }

  int rows() {
    return tokens.length;
  }

  /** Columns in use, padding included. */
  int columns() {
    return columns;
  }

  /** Tokens of one row, which is also the position of its next token. */
  int tokens(int row) {
    return tokens[row];
  }

  /** True when no row has padding: then all rows have the same length. */
  boolean isUniform() {
    return !padded;
  }

  boolean isValid(int row, int column) {
    return !padded || valid[row][column];
  }

  /** Adds {@code count} columns; the first {@code padding[row]} of them hold no token. */
  void append(int count, int[] padding) {
    padded |= Arrays.stream(padding).anyMatch(p -> p > 0);
    for (int row = 0; row < tokens.length; row++) {
      boolean[] longer = Arrays.copyOf(valid[row], columns + count);
      Arrays.fill(longer, columns + padding[row], columns + count, true);
      valid[row] = longer;
      tokens[row] += count - padding[row];
    }
    columns += count;
  }

  /** These rows, in this order. */
  RowLayout retained(int[] rows) {
    RowLayout[] same = new RowLayout[rows.length];
    Arrays.fill(same, this);
    return stacked(same, rows, columns);
  }

  /**
   * Rows copied from others, right-aligned to {@code width} columns; {@code sources[i]} is a row of
   * layout i.
   */
  static RowLayout stacked(RowLayout[] layouts, int[] sources, int width) {
    RowLayout stacked = new RowLayout(layouts.length);
    stacked.columns = width;
    for (int i = 0; i < layouts.length; i++) {
      RowLayout from = layouts[i];
      int shift = width - from.columns;
      boolean[] row = new boolean[width];
      for (int c = 0; c < from.columns; c++) {
        row[shift + c] = from.isValid(sources[i], c);
      }
      stacked.valid[i] = row;
      stacked.tokens[i] = from.tokens[sources[i]];
      stacked.padded |= shift > 0 || from.padded;
    }
    return stacked;
  }
}
