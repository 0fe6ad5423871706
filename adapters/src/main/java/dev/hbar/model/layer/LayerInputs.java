package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * What each layer is told of each token besides the stream: a vector from a table of its own, and
 * one from the token's embedding.
 *
 * @param table [vocabulary, layers * size], scaled
 * @param projection of the embedding to [layers * size]
 * @param factor on the projection
 * @param norm of each layer's projected vector
 */
public record LayerInputs(
    Embedding table, Linear projection, float factor, Norm norm, int layers, int size) {
  private static final float HALF_ROOT = (float) Math.sqrt(0.5);

  /** ids int32 [B, T] and their embeddings [B, T, hidden] to [layers, B, T, size]. */
  public MlxArray of(MlxScope scope, MlxArray ids, MlxArray embedded) {
    MlxOps ops = scope.ops();
    MlxArray projected = projection.apply(scope, embedded);
    MlxArray scaled = ops.multiply(projected, scope.scalar(factor, projected.dtype()));
    MlxArray context = norm.apply(scope, byLayer(scope, scaled));
    MlxArray sum = ops.add(context, byLayer(scope, table.lookup(scope, ids)));
    MlxArray inputs = ops.multiply(sum, scope.scalar(HALF_ROOT, sum.dtype()));
    return ops.transpose(inputs, 2, 0, 1, 3);
  }

  private MlxArray byLayer(MlxScope scope, MlxArray x) {
    return scope.ops().reshape(x, x.dim(0), x.dim(1), layers, size);
  }
}
