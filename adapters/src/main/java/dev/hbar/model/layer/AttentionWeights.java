package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * The weights that attention gives to its keys, for looking at: MLX's fused attention never has
 * them, so they are computed beside it.
 */
final class AttentionWeights {
  private AttentionWeights() {}

  /**
   * softmax(scale q k^T + mask) in float32, [B, heads, T, K].
   *
   * @param q [B, heads, T, headDim]
   * @param k [B, kvHeads, K, headDim]
   */
  static MlxArray of(MlxScope scope, MlxArray q, MlxArray k, AttentionShape shape, Mask mask) {
    return scope.ops().softmax(masked(scope, products(scope, q, k, shape), mask), -1);
  }

  /** q k^T times the scale, float32 [B, heads, T, K]. */
  static MlxArray products(MlxScope scope, MlxArray q, MlxArray k, AttentionShape shape) {
    MlxOps ops = scope.ops();
    int rows = q.dim(0);
    int queries = q.dim(2);
    int keys = k.dim(2);
    int perHead = shape.heads() / shape.kvHeads();
    MlxArray scaled =
        ops.multiply(ops.astype(q, DType.FLOAT32), scope.scalar(shape.scale(), DType.FLOAT32));
    MlxArray grouped =
        ops.reshape(scaled, rows, shape.kvHeads(), perHead * queries, shape.headDim());
    MlxArray products = ops.matmul(grouped, ops.swapaxes(ops.astype(k, DType.FLOAT32), 2, 3));
    return ops.reshape(products, rows, shape.heads(), queries, keys);
  }

  /** Scores with the lowest number where a query may not look. */
  static MlxArray masked(MlxScope scope, MlxArray scores, Mask mask) {
    MlxOps ops = scope.ops();
    return switch (mask) {
      case Mask.None none -> scores;
      case Mask.Additive additive -> ops.add(scores, ops.astype(additive.mask(), DType.FLOAT32));
      case Mask.Causal causal -> {
        int queries = scores.dim(2);
        int keys = scores.dim(3);
        MlxArray key = ops.expandDims(ops.arange(0, keys, DType.INT32), 0);
        MlxArray query = ops.expandDims(ops.arange(keys - queries, keys, DType.INT32), 1);
        MlxArray hidden = scope.scalar(CausalMask.lowest(DType.FLOAT32), DType.FLOAT32);
        yield ops.where(ops.lessEqual(key, query), scores, hidden);
      }
    };
  }
}
