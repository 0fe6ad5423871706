package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * The gated delta rule: a memory S [B, heads, valueDim, keyDim] of each value head fades by a
 * factor, takes the place of what it holds for a key, in part beta, by the value, and answers a
 * query: S = g S; S += beta (v - S k) k^T; y = S q. All in float32.
 *
 * @param queries [B, T, groups, keyDim]
 * @param keys [B, T, groups, keyDim], of length 1 or 0; each group of keys serves heads/groups
 *     consecutive value heads
 * @param values [B, T, heads, valueDim]
 * @param logDecay [B, T, heads], ln g, at most 0; 0 where a column holds no token
 * @param beta [B, T, heads], in [0, 1]; 0 where a column holds no token
 */
record DeltaRule(
    MlxArray queries, MlxArray keys, MlxArray values, MlxArray logDecay, MlxArray beta) {
  /** The answers [B, T, heads, valueDim]; the part of the state moves T columns on. */
  MlxArray apply(MlxScope scope, RecurrentState state, int part) {
    return values.dim(1) == 1 ? step(scope, state, part) : chunks(scope, state, part);
  }

  private MlxArray step(MlxScope scope, RecurrentState state, int part) {
    MlxOps ops = scope.ops();
    int rows = values.dim(0);
    int heads = values.dim(2);
    int width = values.dim(3);
    int groups = keys.dim(2);
    int keyWidth = keys.dim(3);
    int tall = heads / groups * width;
    MlxArray faded =
        ops.multiply(state.array(part), ops.reshape(ops.exp(logDecay), rows, heads, 1, 1));
    MlxArray grouped = ops.reshape(faded, rows, groups, tall, keyWidth);
    MlxArray held = ops.matmul(grouped, ops.reshape(keys, rows, groups, keyWidth, 1));
    MlxArray wanted = ops.reshape(values, rows, heads, width, 1);
    MlxArray change =
        ops.multiply(
            ops.subtract(wanted, ops.reshape(held, rows, heads, width, 1)),
            ops.reshape(beta, rows, heads, 1, 1));
    MlxArray product =
        ops.multiply(
            ops.reshape(change, rows, groups, tall, 1),
            ops.reshape(keys, rows, groups, 1, keyWidth));
    MlxArray added = ops.reshape(product, rows, heads, width, keyWidth);
    MlxArray next = state.replace(part, last -> last.ops().add(faded, added));
    MlxArray answer =
        ops.matmul(
            ops.reshape(next, rows, groups, tall, keyWidth),
            ops.reshape(queries, rows, groups, keyWidth, 1));
    return ops.reshape(answer, rows, 1, heads, width);
  }

  /**
   * The updates of a chunk as one triangular system: its solution says what each column writes if
   * the memory before the chunk is zero, and what it takes away for each of that memory's answers.
   */
  private MlxArray chunks(MlxScope scope, RecurrentState state, int part) {
    MlxOps ops = scope.ops();
    int groups = keys.dim(2);
    ChunkGrid grid = ChunkGrid.of(values.dim(0), values.dim(1), groups, values.dim(2) / groups);
    ChunkDecay decay = ChunkDecay.of(scope, grid, ops.expandDims(logDecay, 3));
    MlxArray q = grid.ofGroups(scope, queries);
    MlxArray k = grid.ofGroups(scope, keys);
    MlxArray share = grid.ofHeads(scope, ops.expandDims(beta, 3));
    MlxArray turned = ops.swapaxes(k, 4, 5);
    MlxArray system = ops.multiply(ops.multiply(ops.matmul(k, turned), decay.between()), share);
    MlxArray solved = UnitLower.inverse(scope, system);
    MlxArray written = ops.matmul(solved, ops.multiply(grid.ofHeads(scope, values), share));
    MlxArray reads = ops.matmul(solved, ops.multiply(k, ops.multiply(share, decay.fromStart())));
    MlxArray attention = ops.multiply(ops.matmul(q, turned), decay.between());
    MlxArray asked = ops.multiply(q, decay.fromStart());
    MlxArray keysToEnd = ops.multiply(k, decay.toEnd());
    Scan scan = new Scan(grid, written, reads, attention, asked, keysToEnd, decay.whole());
    return scan.apply(scope, state, part);
  }

  /** The walk from chunk to chunk; arrays as {@link ChunkGrid} lays them out. */
  private record Scan(
      ChunkGrid grid,
      MlxArray written,
      MlxArray reads,
      MlxArray attention,
      MlxArray asked,
      MlxArray keysToEnd,
      MlxArray whole) {

    MlxArray apply(MlxScope scope, RecurrentState state, int part) {
      MlxOps ops = scope.ops();
      int[] shape = state.array(part).shape();
      MlxArray memory =
          ops.reshape(
              state.array(part), grid.rows(), grid.groups(), grid.perGroup(), shape[2], shape[3]);
      MlxArray[] answers = new MlxArray[grid.chunks()];
      for (int i = 0; i < answers.length; i++) {
        MlxArray before = ops.swapaxes(memory, 3, 4);
        MlxArray values =
            ops.subtract(
                grid.chunk(scope, written, i), ops.matmul(grid.chunk(scope, reads, i), before));
        answers[i] =
            ops.add(
                ops.matmul(grid.chunk(scope, asked, i), before),
                ops.matmul(grid.chunk(scope, attention, i), values));
        memory =
            ops.add(
                ops.multiply(memory, grid.chunk(scope, whole, i)),
                ops.matmul(ops.swapaxes(values, 3, 4), grid.chunk(scope, keysToEnd, i)));
      }
      MlxArray end = memory;
      state.replace(part, last -> last.ops().reshape(end, shape));
      return grid.joined(scope, answers);
    }
  }
}
