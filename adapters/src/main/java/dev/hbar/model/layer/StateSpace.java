package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * A selective state space (Mamba 2): a state S [B, heads, headDim, stateDim] of each head fades by
 * a factor, takes a column in and gives one out: S = g S + x b^T; y = S c. All in float32.
 *
 * @param inputs x [B, T, heads, headDim], times their step; 0 where a column holds no token
 * @param into b [B, T, groups, stateDim]; each group serves heads/groups consecutive heads
 * @param outOf c [B, T, groups, stateDim]
 * @param logDecay [B, T, heads], ln g, at most 0; 0 where a column holds no token
 */
record StateSpace(MlxArray inputs, MlxArray into, MlxArray outOf, MlxArray logDecay) {
  /** y [B, T, heads, headDim]; the part of the state moves T columns on. */
  MlxArray apply(MlxScope scope, RecurrentState state, int part) {
    return inputs.dim(1) == 1 ? step(scope, state, part) : chunks(scope, state, part);
  }

  private MlxArray step(MlxScope scope, RecurrentState state, int part) {
    MlxOps ops = scope.ops();
    int rows = inputs.dim(0);
    int heads = inputs.dim(2);
    int width = inputs.dim(3);
    int groups = into.dim(2);
    int depth = into.dim(3);
    int tall = heads / groups * width;
    MlxArray faded =
        ops.multiply(state.array(part), ops.reshape(ops.exp(logDecay), rows, heads, 1, 1));
    MlxArray product =
        ops.multiply(
            ops.reshape(inputs, rows, groups, tall, 1), ops.reshape(into, rows, groups, 1, depth));
    MlxArray added = ops.reshape(product, rows, heads, width, depth);
    MlxArray next = state.replace(part, last -> last.ops().add(faded, added));
    MlxArray answer =
        ops.matmul(
            ops.reshape(next, rows, groups, tall, depth),
            ops.reshape(outOf, rows, groups, depth, 1));
    return ops.reshape(answer, rows, 1, heads, width);
  }

  private MlxArray chunks(MlxScope scope, RecurrentState state, int part) {
    MlxOps ops = scope.ops();
    int groups = into.dim(2);
    ChunkGrid grid = ChunkGrid.of(inputs.dim(0), inputs.dim(1), groups, inputs.dim(2) / groups);
    ChunkDecay decay = ChunkDecay.of(scope, grid, ops.expandDims(logDecay, 3));
    MlxArray x = grid.ofHeads(scope, inputs);
    MlxArray b = grid.ofGroups(scope, into);
    MlxArray c = grid.ofGroups(scope, outOf);
    MlxArray inside =
        ops.matmul(ops.multiply(ops.matmul(c, ops.swapaxes(b, 4, 5)), decay.between()), x);
    MlxArray asked = ops.multiply(c, decay.fromStart());
    MlxArray toEnd = ops.matmul(ops.swapaxes(x, 4, 5), ops.multiply(b, decay.toEnd()));
    int[] shape = state.array(part).shape();
    MlxArray memory =
        ops.reshape(state.array(part), grid.rows(), groups, grid.perGroup(), shape[2], shape[3]);
    MlxArray[] outputs = new MlxArray[grid.chunks()];
    for (int i = 0; i < outputs.length; i++) {
      MlxArray earlier = ops.matmul(grid.chunk(scope, asked, i), ops.swapaxes(memory, 3, 4));
      outputs[i] = ops.add(grid.chunk(scope, inside, i), earlier);
      MlxArray kept = ops.multiply(memory, grid.chunk(scope, decay.whole(), i));
      memory = ops.add(kept, grid.chunk(scope, toEnd, i));
    }
    MlxArray end = memory;
    state.replace(part, last -> last.ops().reshape(end, shape));
    return grid.joined(scope, outputs);
  }
}
