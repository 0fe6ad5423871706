package dev.hbar.model.layer;

import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/**
 * Attention with queries of its own over the keys and values of an earlier layer.
 *
 * @param norm of each head's query, before it turns
 * @param source the layer whose keys and values it reads
 */
public record SharedAttention(
    Linear query, Norm norm, Linear output, Rope rope, Sdpa sdpa, AttentionShape shape, int source)
    implements TokenMixer {
  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    MlxOps ops = scope.ops();
    int rows = plan.rows();
    int columns = plan.columns();
    MlxArray projected = tap.pass(scope, BlockPart.Q_PROJ, query.apply(scope, x));
    MlxArray split = ops.reshape(projected, rows, columns, shape.heads(), shape.headDim());
    MlxArray heads = ops.swapaxes(norm.apply(scope, split), 1, 2);
    MlxArray normed = tap.pass(scope, BlockPart.Q_NORM, heads);
    MlxArray q = tap.pass(scope, BlockPart.Q_ROPE, rope.apply(scope, normed, plan.positions()));
    KvCache.View view = cache.view(scope, source);
    Mask mask = plan.masks().get(source);
    if (tap.wants(BlockPart.ATTENTION_WEIGHTS)) {
      MlxArray weights = sdpa.weights(scope, q, view.keys(), shape, mask);
      tap.pass(scope, BlockPart.ATTENTION_WEIGHTS, weights);
    }
    MlxArray attended = sdpa.apply(scope, q, view.keys(), view.values(), shape, mask);
    MlxArray byColumn = ops.swapaxes(attended, 1, 2);
    MlxArray joined = ops.reshape(byColumn, rows, columns, shape.heads() * shape.headDim());
    return output.apply(scope, joined);
  }

  @Override
  public boolean writesScores() {
    return sdpa.writesScores();
  }

  @Override
  public boolean isAlike(SequenceLength one, SequenceLength other) {
    return rope.at(one).equals(rope.at(other));
  }
}
