package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/**
 * Attention over latents: what is kept of a token is one narrow vector, from which every head would
 * make its key and its value, and one turned key that all heads share. Neither is made: a head's
 * query goes into the space of the latents, and its answer comes out of there.
 *
 * @param query to each head's query, first the part that does not turn, then the one that does
 * @param down to the latent, then the shared key before it turns
 * @param norm of the latent
 * @param embed each head's own [nope to latent], stacked
 * @param unembed each head's own [latent to value], stacked
 * @param interleaved what turns is stored in pairs, which are taken apart into halves
 */
public record LatentAttention(
    Linear query,
    Linear down,
    Norm norm,
    Linear embed,
    Linear unembed,
    Linear output,
    Rope rope,
    boolean interleaved,
    Shape shape)
    implements TokenMixer {
  /**
   * Widths.
   *
   * @param nope part of a head's query that does not turn
   * @param turned part of it that does
   * @param latent what is kept
   * @param value of a head
   * @param scale the factor on the scores
   */
  public record Shape(int heads, int nope, int turned, int latent, int value, float scale) {}

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    MlxOps ops = scope.ops();
    int rows = plan.rows();
    int columns = plan.columns();
    MlxArray projected = tap.pass(scope, BlockPart.Q_PROJ, query.apply(scope, x));
    MlxArray both = tap.pass(scope, BlockPart.K_PROJ, down.apply(scope, x));
    MlxArray latent = norm.apply(scope, columnsOf(scope, both, 0, shape.latent()));
    MlxArray key = columnsOf(scope, both, shape.latent(), shape.turned());
    MlxArray heads =
        ops.swapaxes(
            ops.reshape(projected, rows, columns, shape.heads(), shape.nope() + shape.turned()),
            1,
            2);
    MlxArray still =
        ops.concatenate(
            1, columnsOf(scope, heads, shape.nope(), shape.turned()), ops.expandDims(key, 1));
    MlxArray turned =
        rope.apply(scope, interleaved ? apart(scope, still) : still, plan.positions());
    MlxArray q = tap.pass(scope, BlockPart.Q_ROPE, headsOf(scope, turned, 0, shape.heads()));
    MlxArray k = tap.pass(scope, BlockPart.K_ROPE, headsOf(scope, turned, shape.heads(), 1));
    KvCache.View view = cache.append(scope, layerIndex, ops.expandDims(latent, 1), k);
    MlxArray lifted = embed.apply(scope, columnsOf(scope, heads, 0, shape.nope()));
    MlxArray scores = ops.add(scores(scope, lifted, view.keys()), scores(scope, q, view.values()));
    MlxArray masked = AttentionWeights.masked(scope, scores, plan.masks().get(layerIndex));
    MlxArray weights = tap.pass(scope, BlockPart.ATTENTION_WEIGHTS, ops.softmax(masked, -1));
    return output.apply(scope, answers(scope, weights, view.keys(), plan));
  }

  @Override
  public boolean writesScores() {
    return true;
  }

  @Override
  public boolean isAlike(SequenceLength one, SequenceLength other) {
    return rope.at(one).equals(rope.at(other));
  }

  /** q [B, heads, T, D] and k [B, 1, K, D] to scaled products, float32 [B, heads, T, K]. */
  private MlxArray scores(MlxScope scope, MlxArray q, MlxArray k) {
    MlxOps ops = scope.ops();
    MlxArray scaled = ops.multiply(q, scope.scalar(shape.scale(), q.dtype()));
    MlxArray all = ops.reshape(scaled, q.dim(0), 1, q.dim(1) * q.dim(2), q.dim(3));
    MlxArray products = ops.astype(ops.matmul(all, ops.swapaxes(k, 2, 3)), DType.FLOAT32);
    return ops.reshape(products, q.dim(0), q.dim(1), q.dim(2), k.dim(2));
  }

  /** The heads' values under these weights, [B, T, heads * value]. */
  private MlxArray answers(MlxScope scope, MlxArray weights, MlxArray latents, StepPlan plan) {
    MlxOps ops = scope.ops();
    int rows = plan.rows();
    int columns = plan.columns();
    MlxArray all =
        ops.reshape(
            ops.astype(weights, latents.dtype()), rows, 1, shape.heads() * columns, latents.dim(2));
    MlxArray sums =
        ops.reshape(ops.matmul(all, latents), rows, shape.heads(), columns, shape.latent());
    MlxArray byColumn = ops.swapaxes(unembed.apply(scope, sums), 1, 2);
    return ops.reshape(byColumn, rows, columns, shape.heads() * shape.value());
  }

  /** The even dimensions of x [B, heads, T, D], then the odd ones. */
  private static MlxArray apart(MlxScope scope, MlxArray x) {
    MlxOps ops = scope.ops();
    int[] dims = x.shape();
    MlxArray pairs = ops.reshape(x, dims[0], dims[1], dims[2], dims[3] / 2, 2);
    return ops.reshape(ops.swapaxes(pairs, 3, 4), dims);
  }

  /** A part of the last axis; a view. */
  private static MlxArray columnsOf(MlxScope scope, MlxArray x, int from, int count) {
    int[] start = new int[x.shape().length];
    int[] stop = x.shape();
    start[start.length - 1] = from;
    stop[stop.length - 1] = from + count;
    return scope.ops().slice(x, start, stop);
  }

  /** A part of the heads of x [B, heads, T, D]; a view. */
  private static MlxArray headsOf(MlxScope scope, MlxArray x, int from, int count) {
    int[] stop = x.shape();
    stop[1] = from + count;
    return scope.ops().slice(x, new int[] {0, from, 0, 0}, stop);
  }
}
