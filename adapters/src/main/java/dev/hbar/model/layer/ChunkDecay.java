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
    MlxArray sums = ops.cumsum(grid.ofHeads(scope, logs), 4);
    int[] from = new int[6];
    from[4] = grid.size() - 1;
    MlxArray last = ops.slice(sums, from, sums.shape());
    MlxArray differences = ops.subtract(sums, ops.swapaxes(sums, 4, 5));
    // Before the exponential: a difference back in time is positive and may overflow.
    MlxArray never = scope.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32);
    MlxArray forward = ops.where(lower(scope, grid.size()), differences, never);
    return new ChunkDecay(
        ops.exp(sums), ops.exp(ops.subtract(last, sums)), ops.exp(forward), ops.exp(last));
  }

  private static MlxArray lower(MlxScope scope, int size) {
    MlxOps ops = scope.ops();
    MlxArray indices = ops.arange(0, size, DType.INT32);
    return ops.lessEqual(ops.expandDims(indices, 0), ops.expandDims(indices, 1));
  }
}
