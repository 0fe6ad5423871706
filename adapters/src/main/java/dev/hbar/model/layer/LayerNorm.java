package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Optional;

/**
 * Layer norm over the last axis.
 *
 * @param weight [hidden] in the activations' dtype
 * @param bias of the same shape, zeros where a family has none
 * @param eps added to the variance
 */
public record LayerNorm(MlxArray weight, MlxArray bias, float eps) implements Norm {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x) {
    return scope.fast().layerNorm(x, Optional.of(weight), Optional.of(bias), eps);
  }

  /**
   * A layer norm of each head with weights of its own, of x [B, T, heads, headDim].
   *
   * @param plain the norm without weights
   * @param weight [heads, headDim]
   */
  public record OfHeads(LayerNorm plain, MlxArray weight) implements Norm {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      return scope.ops().multiply(plain.apply(scope, x), weight);
    }
  }
}
