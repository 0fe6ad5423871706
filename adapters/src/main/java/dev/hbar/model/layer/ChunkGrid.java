package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * T columns as chunks of C: inside a chunk all columns are computed at once, from chunk to chunk
 * the state goes on. Heads are grouped: each of {@code groups} heads of keys serves {@code
 * perGroup} heads of values. Arrays are [B, groups, perGroup, chunks, C, D]; the last chunk is
 * filled up with zeros.
 */
record ChunkGrid(int rows, int columns, int groups, int perGroup, int size) {
  private static final int LARGEST = 64;

  /** Chunks of 64, or one of the next power of two. */
  static ChunkGrid of(int rows, int columns, int groups, int perGroup) {
    int size = Math.min(LARGEST, Math.max(1, Integer.highestOneBit(2 * columns - 1)));
    return new ChunkGrid(rows, columns, groups, perGroup, size);
  }

  int chunks() {
    return Math.ceilDiv(columns, size);
  }

  /** x [B, T, groups, D] to [B, groups, 1, chunks, C, D]. */
  MlxArray ofGroups(MlxScope scope, MlxArray x) {
    return laidOut(scope, x, groups, 1);
  }

  /** x [B, T, groups * perGroup, D] to [B, groups, perGroup, chunks, C, D]. */
  MlxArray ofHeads(MlxScope scope, MlxArray x) {
    return laidOut(scope, x, groups, perGroup);
  }

  private MlxArray laidOut(MlxScope scope, MlxArray x, int outer, int inner) {
    MlxOps ops = scope.ops();
    int free = chunks() * size - columns;
    MlxArray filled =
        free == 0
            ? x
            : ops.concatenate(1, x, ops.zeros(DType.FLOAT32, rows, free, x.dim(2), x.dim(3)));
    MlxArray split = ops.reshape(filled, rows, chunks(), size, outer, inner, x.dim(3));
    return ops.contiguous(ops.transpose(split, 0, 3, 4, 1, 2, 5));
  }

  /** One chunk of x: [B, groups, perGroup or 1, C, D]. */
  MlxArray chunk(MlxScope scope, MlxArray x, int index) {
    int[] from = {0, 0, 0, index, 0, 0};
    int[] to = x.shape();
    to[3] = index + 1;
    return scope.ops().squeeze(scope.ops().slice(x, from, to), 3);
  }

  /** Chunks [B, groups, perGroup, C, D] to [B, T, groups * perGroup, D]. */
  MlxArray joined(MlxScope scope, MlxArray[] parts) {
    MlxOps ops = scope.ops();
    int width = parts[0].dim(4);
    MlxArray all = ops.transpose(ops.concatenate(3, parts), 0, 3, 1, 2, 4);
    int[] to = {rows, columns, groups, perGroup, width};
    return ops.reshape(ops.slice(all, new int[5], to), rows, columns, groups * perGroup, width);
  }
}
