package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxFast;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.Optional;

/**
 * Scaled dot product attention, in the form that the device computes fastest: q [B, heads, T,
 * headDim], k and v [B, kvHeads, K, headDim] to [B, heads, T, headDim].
 */
public sealed interface Sdpa {
  /** MLX's fused operation. Right on a GPU and for 16-bit types. */
  Sdpa FUSED = new Fused();

  /** From single operations, float32 only. */
  Sdpa COMPOSED = new Composed();

  /** The softmax of the scores times the values. */
  MlxArray apply(
      MlxScope scope, MlxArray q, MlxArray k, MlxArray v, AttentionShape shape, Mask mask);

  /** See {@link TokenMixer#writesScores}. */
  default boolean writesScores() {
    return true;
  }

  /** The softmax of the scores alone, float32 [B, heads, T, K]. */
  default MlxArray weights(
      MlxScope scope, MlxArray q, MlxArray k, AttentionShape shape, Mask mask) {
    return AttentionWeights.of(scope, q, k, shape, mask);
  }

  /** MLX's fused operation. */
  record Fused() implements Sdpa {
    @Override
    public MlxArray apply(
        MlxScope scope, MlxArray q, MlxArray k, MlxArray v, AttentionShape shape, Mask mask) {
      return scope.fast().scaledDotProductAttention(q, k, v, shape.scale(), mask);
    }

    /** Where the kernel is MLX's composition, that of a CPU without hbar's own, it does. */
    @Override
    public boolean writesScores() {
      return Mlx.device() == Device.CPU && !MlxFast.hasCpuKernels();
    }
  }

  /**
   * Float32 only, with an additive mask or none: the softmax takes a power of two (see {@link
   * Silu}), and all queries of a key/value head are one matrix product.
   */
  record Composed() implements Sdpa {
    private static final float LOG2_E = (float) (1 / Math.log(2));

    @Override
    public MlxArray apply(
        MlxScope scope, MlxArray q, MlxArray k, MlxArray v, AttentionShape shape, Mask mask) {
      MlxOps ops = scope.ops();
      int[] dims = q.shape();
      int rows = dims[0];
      int perHead = shape.heads() / shape.kvHeads();
      int queries = dims[2];
      MlxArray factor = scope.scalar(shape.scale() * LOG2_E, DType.FLOAT32);
      MlxArray grouped =
          ops.reshape(
              ops.multiply(q, factor), rows, shape.kvHeads(), perHead * queries, shape.headDim());
      MlxArray scores = ops.matmul(grouped, ops.swapaxes(k, 2, 3));
      MlxArray masked = masked(scope, scores, mask, perHead, queries);
      MlxArray largest = ops.max(masked, -1, true);
      MlxArray weights = ops.power(scope.scalar(2f, DType.FLOAT32), ops.subtract(masked, largest));
      MlxArray sums = ops.sum(weights, -1, true);
      MlxArray attended = ops.divide(ops.matmul(weights, v), sums);
      return ops.reshape(attended, rows, shape.heads(), queries, shape.headDim());
    }

    /**
     * A mask [B or 1, 1, T, K] is the same for every head; scores are [B, kvHeads, perHead*T, K].
     */
    private static MlxArray masked(
        MlxScope scope, MlxArray scores, Mask mask, int perHead, int queries) {
      return switch (mask) {
        case Mask.None none -> scores;
        case Mask.Causal causal ->
            throw new IllegalStateException("composed attention takes an additive mask");
        case Mask.Additive additive -> {
          int[] s = scores.shape();
          MlxArray split = scope.ops().reshape(scores, s[0], s[1], perHead, queries, s[3]);
          MlxArray wide = scope.ops().expandDims(additive.mask(), 1);
          yield scope.ops().reshape(scope.ops().add(split, wide), s);
        }
      };
    }
  }

  /**
   * Attention whose scores are no plain products: a cap bends them, or a sink of each head takes a
   * share of the softmax and gives nothing. Any type, any mask.
   *
   * @param cap scores become cap tanh(score/cap)
   * @param sinks [heads], the score of each head's sink
   */
  record Bent(Optional<Float> cap, Optional<MlxArray> sinks) implements Sdpa {
    @Override
    public MlxArray apply(
        MlxScope scope, MlxArray q, MlxArray k, MlxArray v, AttentionShape shape, Mask mask) {
      MlxOps ops = scope.ops();
      int perHead = shape.heads() / shape.kvHeads();
      MlxArray shares = ops.astype(weights(scope, q, k, shape, mask), v.dtype());
      int[] dims = shares.shape();
      MlxArray grouped = ops.reshape(shares, dims[0], shape.kvHeads(), perHead * dims[2], dims[3]);
      return ops.reshape(ops.matmul(grouped, v), dims[0], shape.heads(), dims[2], v.dim(3));
    }

    @Override
    public MlxArray weights(
        MlxScope scope, MlxArray q, MlxArray k, AttentionShape shape, Mask mask) {
      MlxOps ops = scope.ops();
      MlxArray scores = AttentionWeights.products(scope, q, k, shape);
      MlxArray bent = cap.isPresent() ? capped(scope, scores, cap.get()) : scores;
      MlxArray masked = AttentionWeights.masked(scope, bent, mask);
      return sinks.isPresent() ? withSinks(scope, masked, sinks.get()) : ops.softmax(masked, -1);
    }

    private static MlxArray capped(MlxScope scope, MlxArray scores, float most) {
      MlxOps ops = scope.ops();
      MlxArray limit = scope.scalar(most, DType.FLOAT32);
      return ops.multiply(scope.math().tanh(ops.divide(scores, limit)), limit);
    }

    private static MlxArray withSinks(MlxScope scope, MlxArray scores, MlxArray sinks) {
      MlxOps ops = scope.ops();
      int[] dims = scores.shape();
      MlxArray column = ops.reshape(ops.astype(sinks, DType.FLOAT32), 1, dims[1], 1, 1);
      MlxArray wide = ops.broadcastTo(column, dims[0], dims[1], dims[2], 1);
      MlxArray shares = ops.softmax(ops.concatenate(3, scores, wide), -1);
      return ops.slice(shares, new int[4], dims);
    }
  }
}
