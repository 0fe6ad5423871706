package dev.hbar.mlx;

import java.util.Arrays;

/** Steps and counts by which MLX divides without a look: a 0 ends the process. */
final class Positive {
  private Positive() {}

  static void require(String what, int... values) {
    if (Arrays.stream(values).anyMatch(value -> value <= 0)) {
      throw new IllegalArgumentException(what + " must be above 0: " + Arrays.toString(values));
    }
  }
}
