package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Scaled dot product attention, in the form that the device computes fastest: q [B, heads, T,
 * headDim], k and v [B, kvHeads, K, headDim] to [B, heads, T, headDim].
 */
public enum Sdpa {
  /** MLX's fused operation. Right on a GPU and for 16-bit types. */
  FUSED {
    @Override
    MlxArray apply(
        MlxScope scope, MlxArray q, MlxArray k, MlxArray v, AttentionShape shape, Mask mask) {
      return scope.fast().scaledDotProductAttention(q, k, v, shape.scale(), mask);
    }
  },
  /**
   * The same from single operations, float32 only, with an additive mask or none: the softmax takes
   * a power of two (see {@link Silu}), and all queries of a key/value head are one matrix product.
   */
  COMPOSED {
    @Override
    MlxArray apply(
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
  };

  private static final float LOG2_E = (float) (1 / Math.log(2));

  /** A mask [B or 1, 1, T, K] is the same for every head; scores are [B, kvHeads, perHead*T, K]. */
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

  abstract MlxArray apply(
      MlxScope scope, MlxArray q, MlxArray k, MlxArray v, AttentionShape shape, Mask mask);
}
