package dev.hbar.mlx;

import java.util.Arrays;

/**
 * The smallest and the largest of the numbers that Java put into an array.
 *
 * @param low smallest
 * @param high largest
 */
record IndexRange(int low, int high) {
  static IndexRange of(int... values) {
    return new IndexRange(
        Arrays.stream(values).min().orElse(0),
        Arrays.stream(values).max().orElse(Integer.MIN_VALUE));
  }

  /** Negative ones count from the end, as MLX takes them. */
  void requireInside(int length, int span, MlxArray table, int axis) {
    if (high != Integer.MIN_VALUE && (low < -length || high > length - span)) {
      throw new IllegalArgumentException(
          "index %s is outside axis %s of %s".formatted(low < -length ? low : high, axis, table));
    }
  }
}
