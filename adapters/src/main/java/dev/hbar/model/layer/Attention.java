package dev.hbar.model.layer;

import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;
import java.util.Optional;

/**
 * Causal self-attention over the cache: projections, head norms, RoPE, cache update, SDPA, output
 * projection.
 *
 * <p>Queries and keys turn together in one RoPE call: where MLX has no fused kernel for it, a call
 * is some thirty graph nodes.
 *
 * @param gate to the numbers that close or open each dimension of each head before the output
 *     projection, through a sigmoid
 */
public record Attention(
    Linear query,
    Linear key,
    Linear value,
    Optional<HeadNorms> headNorms,
    Optional<Linear> gate,
    Linear output,
    Rope rope,
    Sdpa sdpa,
    AttentionShape shape)
    implements TokenMixer {

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    MlxOps ops = scope.ops();
    int rows = plan.rows();
    int columns = plan.columns();
    int all = shape.heads() + shape.kvHeads();
    MlxArray queries = tap.pass(scope, BlockPart.Q_PROJ, query.apply(scope, x));
    MlxArray newKeys = tap.pass(scope, BlockPart.K_PROJ, key.apply(scope, x));
    MlxArray newValues = tap.pass(scope, BlockPart.V_PROJ, value.apply(scope, x));
    MlxArray queryAndKey = queryAndKey(scope, queries, newKeys, plan, tap);
    MlxArray rotated = rope.apply(scope, queryAndKey, plan.positions());
    MlxArray q =
        tap.pass(scope, BlockPart.Q_ROPE, headRange(scope, rotated, 0, shape.heads(), plan));
    MlxArray k =
        tap.pass(scope, BlockPart.K_ROPE, headRange(scope, rotated, shape.heads(), all, plan));
    MlxArray v = heads(scope, newValues, shape.kvHeads(), plan);
    KvCache.View view = cache.append(scope, layerIndex, k, v);
    Mask mask = plan.masks().get(layerIndex);
    if (tap.wants(BlockPart.ATTENTION_WEIGHTS)) {
      MlxArray weights = AttentionWeights.of(scope, q, view.keys(), shape, mask);
      tap.pass(scope, BlockPart.ATTENTION_WEIGHTS, weights);
    }
    MlxArray attended = sdpa.apply(scope, q, view.keys(), view.values(), shape, mask);
    MlxArray byColumn = columns == 1 ? attended : ops.swapaxes(attended, 1, 2);
    MlxArray joined = ops.reshape(byColumn, rows, columns, shape.heads() * shape.headDim());
    return output.apply(scope, gate.isEmpty() ? joined : gated(scope, joined, x));
  }

  private MlxArray gated(MlxScope scope, MlxArray attended, MlxArray x) {
    MlxArray open = scope.ops().sigmoid(gate.orElseThrow().apply(scope, x));
    return scope.ops().multiply(attended, open);
  }

  @Override
  public boolean isAlike(SequenceLength one, SequenceLength other) {
    return rope.at(one).equals(rope.at(other));
  }

  /** Heads of queries and keys, normed where the family does it: [B, heads + kvHeads, T, D]. */
  private MlxArray queryAndKey(
      MlxScope scope, MlxArray q, MlxArray k, StepPlan plan, BlockTap tap) {
    MlxOps ops = scope.ops();
    if (headNorms.isEmpty()) {
      return heads(scope, ops.concatenate(2, q, k), shape.heads() + shape.kvHeads(), plan);
    }
    HeadNorms norms = headNorms.get();
    MlxArray queries = norms.query().apply(scope, split(scope, q, shape.heads(), plan));
    MlxArray keys = norms.key().apply(scope, split(scope, k, shape.kvHeads(), plan));
    return ops.concatenate(
        1,
        tap.pass(scope, BlockPart.Q_NORM, ops.swapaxes(queries, 1, 2)),
        tap.pass(scope, BlockPart.K_NORM, ops.swapaxes(keys, 1, 2)));
  }

  /** Heads [from, to) of x [B, heads, T, headDim]; a view. */
  private MlxArray headRange(MlxScope scope, MlxArray x, int from, int to, StepPlan plan) {
    int[] start = {0, from, 0, 0};
    int[] stop = {plan.rows(), to, plan.columns(), shape.headDim()};
    return scope.ops().slice(x, start, stop);
  }

  /** [B, T, heads*headDim] to [B, heads, T, headDim]; with one column there is nothing to swap. */
  private MlxArray heads(MlxScope scope, MlxArray x, int count, StepPlan plan) {
    return plan.columns() == 1
        ? scope.ops().reshape(x, plan.rows(), count, 1, shape.headDim())
        : scope.ops().swapaxes(split(scope, x, count, plan), 1, 2);
  }

  /** [B, T, heads*headDim] to [B, T, heads, headDim]. */
  private MlxArray split(MlxScope scope, MlxArray x, int count, StepPlan plan) {
    return scope.ops().reshape(x, plan.rows(), plan.columns(), count, shape.headDim());
  }
}
