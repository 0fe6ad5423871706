package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;

/**
 * Which new columns of a pass hold no token: of every row the first {@code counts[row]}. Layers
 * that carry a state from column to column must pass over them.
 *
 * @param columns T, all new columns
 * @param counts one per row, 0 to T
 */
public record Padding(int columns, int[] counts) {
  /** True when every column holds a token. */
  public boolean isEmpty() {
    return Arrays.stream(counts).allMatch(count -> count == 0);
  }

  /** x [B, T, n] float32 with 0 at padding. */
  MlxArray zeroed(MlxScope scope, MlxArray x) {
    if (isEmpty()) {
      return x;
    }
    float[] tokens = new float[counts.length * columns];
    for (int row = 0; row < counts.length; row++) {
      Arrays.fill(tokens, row * columns + counts[row], (row + 1) * columns, 1f);
    }
    return scope.ops().multiply(x, scope.floats(tokens, counts.length, columns, 1));
  }

  /**
   * The columns before and x [B, T, C] in one: [B, before + T, C]. The columns before [B, before,
   * C] stand next to a row's first token, and what is left of them means nothing.
   */
  MlxArray behind(MlxScope scope, MlxArray before, MlxArray x) {
    MlxArray joined = scope.ops().concatenate(1, before, x);
    if (isEmpty()) {
      return joined;
    }
    int tail = before.dim(1);
    int width = tail + columns;
    int[] from = new int[counts.length * width];
    for (int row = 0; row < counts.length; row++) {
      for (int i = 0; i < width; i++) {
        int column = i >= tail + counts[row] ? i : Math.max(0, i - counts[row]);
        from[row * width + i] = row * width + column;
      }
    }
    int channels = x.dim(2);
    MlxArray flat = scope.ops().reshape(joined, from.length, channels);
    MlxArray moved = scope.ops().take(flat, scope.ints(from, from.length), 0);
    return scope.ops().reshape(moved, counts.length, width, channels);
  }
}
