package dev.hbar.layer;

import dev.hbar.attention.KvCache;
import dev.hbar.attention.StepPlan;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Causal self-attention over the cache: projections, RoPE, cache update, SDPA, output projection.
 */
public record Attention(
    Linear query, Linear key, Linear value, Linear output, Rope rope, AttentionShape shape) {

  /**
   * x [B, T, hidden] to [B, T, hidden]; appends T columns to layer {@code layerIndex} of the cache.
   */
  public MlxArray apply(MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan) {
    int rows = plan.rows();
    int columns = plan.columns();
    MlxArray q = heads(scope, query.apply(scope, x), shape.heads(), plan);
    MlxArray k = heads(scope, key.apply(scope, x), shape.kvHeads(), plan);
    MlxArray v = heads(scope, value.apply(scope, x), shape.kvHeads(), plan);
    MlxArray rotatedQ = rope.apply(scope, q, plan.positions());
    MlxArray rotatedK = rope.apply(scope, k, plan.positions());
    KvCache.View view = cache.append(scope, layerIndex, rotatedK, v);
    MlxArray attended =
        scope
            .fast()
            .scaledDotProductAttention(
                rotatedQ, view.keys(), view.values(), shape.scale(), plan.mask());
    MlxOps ops = scope.ops();
    MlxArray joined =
        ops.reshape(ops.swapaxes(attended, 1, 2), rows, columns, shape.heads() * shape.headDim());
    return output.apply(scope, joined);
  }

  /** [B, T, heads*headDim] to [B, heads, T, headDim]. */
  private MlxArray heads(MlxScope scope, MlxArray x, int count, StepPlan plan) {
    MlxOps ops = scope.ops();
    return ops.swapaxes(ops.reshape(x, plan.rows(), plan.columns(), count, shape.headDim()), 1, 2);
  }
}
