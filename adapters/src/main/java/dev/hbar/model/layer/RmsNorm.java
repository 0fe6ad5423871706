package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/**
 * RMS norm over the last axis.
 *
 * @param weight [hidden] in the activations' dtype; a wider weight would widen the result. Where a
 *     family multiplies by 1 + weight, the 1 was added at load; ones where it has none
 * @param eps added to the mean square
 */
public record RmsNorm(MlxArray weight, float eps) implements Norm {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x) {
    return scope.fast().rmsNorm(x, weight, eps);
  }
}
