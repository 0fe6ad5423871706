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
 * @param valueNorm of each head's values
 * @param gate to the numbers that close or open each dimension of each head before the output
 *     projection, through a sigmoid
 * @param queryScale by position, in families that have it
 */
public record Attention(
    Projections projections,
    HeadNorms headNorms,
    Norm valueNorm,
    Linear output,
    Optional<Linear> gate,
    Rope rope,
    Optional<QueryScale> queryScale,
    Sdpa sdpa,
    AttentionShape shape)
    implements TokenMixer {
  /** Without norms, gate and query scale. */
  public static Attention plain(
      Projections projections, Linear output, Rope rope, Sdpa sdpa, AttentionShape shape) {
    return new Attention(
        projections,
        HeadNorms.NONE,
        Norm.NONE,
        output,
        Optional.empty(),
        rope,
        Optional.empty(),
        sdpa,
        shape);
  }

  /** Queries and keys of one pass, turned, and values not yet normed: [B, heads, T, headDim]. */
  private record Heads(MlxArray turned, MlxArray values) {}

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    Heads heads =
        projections instanceof Projections.Joined joined && isPlain(tap)
            ? together(scope, joined.all().apply(scope, x), plan)
            : apart(scope, x, plan, tap);
    MlxArray q = turnedQueries(scope, heads.turned(), plan, tap);
    MlxArray k = turnedKeys(scope, heads.turned(), plan, tap);
    MlxArray v = valueNorm.apply(scope, heads.values());
    KvCache.View view = cache.append(scope, layerIndex, k, v);
    Mask mask = plan.masks().get(layerIndex);
    MlxArray answer = attended(scope, q, view, mask, plan, tap);
    return output.apply(scope, gate.isEmpty() ? answer : opened(scope, answer, x));
  }

  /** Whether nobody looks at queries, keys or values before they turn. */
  private boolean isPlain(BlockTap tap) {
    return tap == BlockTap.NONE
        && (headNorms instanceof HeadNorms.None || headNorms instanceof HeadNorms.Turned);
  }

  /**
   * The short way: heads are split once. A single column's values turn along, which costs less than
   * cutting them off first; what they turn to is never looked at.
   */
  private Heads together(MlxScope scope, MlxArray all, StepPlan plan) {
    int turning = shape.heads() + shape.kvHeads();
    int every = turning + shape.kvHeads();
    MlxArray byHead = heads(scope, all, every, plan);
    MlxArray turned = plan.columns() == 1 ? byHead : headRange(scope, byHead, 0, turning, plan);
    return new Heads(
        rope.apply(scope, turned, plan.positions()),
        headRange(scope, byHead, turning, every, plan));
  }

  private Heads apart(MlxScope scope, MlxArray x, StepPlan plan, BlockTap tap) {
    Projections.Parts parts = projections.apply(scope, x, shape);
    MlxArray queries = tap.pass(scope, BlockPart.Q_PROJ, parts.queries());
    MlxArray keys = tap.pass(scope, BlockPart.K_PROJ, parts.keys());
    // Keys that are values too are so with what was put in their place.
    MlxArray given = parts.values() == parts.keys() ? keys : parts.values();
    MlxArray values = tap.pass(scope, BlockPart.V_PROJ, given);
    MlxArray both = queryAndKey(scope, queries, keys, plan, tap);
    return new Heads(
        rope.apply(scope, both, plan.positions()), heads(scope, values, shape.kvHeads(), plan));
  }

  /** The heads' answers in a row, [B, T, heads * headDim]. */
  private MlxArray attended(
      MlxScope scope, MlxArray q, KvCache.View view, Mask mask, StepPlan plan, BlockTap tap) {
    MlxOps ops = scope.ops();
    if (tap.wants(BlockPart.ATTENTION_WEIGHTS)) {
      MlxArray weights = sdpa.weights(scope, q, view.keys(), shape, mask);
      tap.pass(scope, BlockPart.ATTENTION_WEIGHTS, weights);
    }
    MlxArray attended = sdpa.apply(scope, q, view.keys(), view.values(), shape, mask);
    MlxArray byColumn = plan.columns() == 1 ? attended : ops.swapaxes(attended, 1, 2);
    return ops.reshape(byColumn, plan.rows(), plan.columns(), shape.heads() * shape.headDim());
  }

  private MlxArray turnedQueries(MlxScope scope, MlxArray rotated, StepPlan plan, BlockTap tap) {
    MlxArray turned = headRange(scope, rotated, 0, shape.heads(), plan);
    MlxArray normed =
        headNorms instanceof HeadNorms.Turned norms ? norms.query().apply(scope, turned) : turned;
    MlxArray q = queryScale.isPresent() ? queryScale.get().apply(scope, normed, plan) : normed;
    return tap.pass(scope, BlockPart.Q_ROPE, q);
  }

  private MlxArray turnedKeys(MlxScope scope, MlxArray rotated, StepPlan plan, BlockTap tap) {
    int all = shape.heads() + shape.kvHeads();
    MlxArray turned = headRange(scope, rotated, shape.heads(), all, plan);
    MlxArray k =
        headNorms instanceof HeadNorms.Turned norms ? norms.key().apply(scope, turned) : turned;
    return tap.pass(scope, BlockPart.K_ROPE, k);
  }

  @Override
  public boolean writesScores() {
    return sdpa.writesScores();
  }

  @Override
  public boolean isAlike(SequenceLength one, SequenceLength other) {
    return rope.at(one).equals(rope.at(other));
  }

  /** Heads of queries and keys before they turn: [B, heads + kvHeads, T, D]. */
  private MlxArray queryAndKey(
      MlxScope scope, MlxArray q, MlxArray k, StepPlan plan, BlockTap tap) {
    return switch (headNorms) {
      case HeadNorms.None none -> together(scope, q, k, plan);
      case HeadNorms.Turned later -> together(scope, q, k, plan);
      case HeadNorms.Whole norms ->
          together(scope, norms.query().apply(scope, q), norms.key().apply(scope, k), plan);
      case HeadNorms.Each norms -> {
        MlxOps ops = scope.ops();
        MlxArray queries = norms.query().apply(scope, split(scope, q, shape.heads(), plan));
        MlxArray keys = norms.key().apply(scope, split(scope, k, shape.kvHeads(), plan));
        yield ops.concatenate(
            1,
            tap.pass(scope, BlockPart.Q_NORM, ops.swapaxes(queries, 1, 2)),
            tap.pass(scope, BlockPart.K_NORM, ops.swapaxes(keys, 1, 2)));
      }
    };
  }

  private MlxArray together(MlxScope scope, MlxArray q, MlxArray k, StepPlan plan) {
    MlxArray both = scope.ops().concatenate(2, q, k);
    return heads(scope, both, shape.heads() + shape.kvHeads(), plan);
  }

  private MlxArray opened(MlxScope scope, MlxArray answer, MlxArray x) {
    MlxArray share = scope.ops().sigmoid(gate.orElseThrow().apply(scope, x));
    return scope.ops().multiply(answer, share);
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
