package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * How much of a state is left between two columns of a chunk. All are float32 factors in [0, 1].
 *
 * @param fromStart [B, groups, perGroup, chunks, C, 1]: from before the chunk to a column
 * @param toEnd of the same shape: from a column to the end of its chunk
 * @param between [B, groups, perGroup, chunks, C, C]: from the column of the last axis to that of
 *     the axis before; 0 where it would go back
 * @param whole [B, groups, perGroup, chunks, 1, 1]: over a chunk
 */
record ChunkDecay(MlxArray fromStart, MlxArray toEnd, MlxArray between, MlxArray whole) {
  /**
   * @param logs [B, T, heads, 1], the logarithm of each column's factor, at most 0
   */
  static ChunkDecay of(MlxScope scope, ChunkGrid grid, MlxArray logs) {
    MlxOps ops = scope.ops();
    int last = grid.size() - 1;
    MlxArray each = grid.ofHeads(scope, logs);
    MlxArray fromStart = ops.exp(ops.cumsum(each, 4));
    MlxArray between = between(scope, each, grid.size());
    MlxArray toEnd = ops.swapaxes(at(scope, between, last), 4, 5);
    return new ChunkDecay(fromStart, toEnd, between, at(scope, fromStart, last));
  }

  /**
   * Every sum on its own: the difference of two sums from the start would be as wrong as they are
   * large.
   */
  private static MlxArray between(MlxScope scope, MlxArray each, int size) {
    MlxOps ops = scope.ops();
    MlxArray indices = ops.arange(0, size, DType.INT32);
    MlxArray from = ops.expandDims(indices, 0);
    MlxArray to = ops.expandDims(indices, 1);
    MlxArray zero = scope.scalar(0f, DType.FLOAT32);
    MlxArray sums = ops.cumsum(ops.where(ops.less(from, to), each, zero), 4);
    MlxArray never = scope.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32);
    return ops.exp(ops.where(ops.lessEqual(from, to), sums, never));
  }

  /** One column of the axis before the last. */
  private static MlxArray at(MlxScope scope, MlxArray x, int column) {
    int[] from = new int[6];
    int[] to = x.shape();
    from[4] = column;
    to[4] = column + 1;
    return scope.ops().slice(x, from, to);
  }
}
