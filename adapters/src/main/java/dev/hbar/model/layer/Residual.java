package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/** How a half of a block is added to the residual stream. */
public sealed interface Residual {
  /** As it is. */
  Residual PLAIN = new Plain();

  /** The stream after it, owned by {@code scope}. */
  MlxArray add(MlxScope scope, MlxArray stream, MlxArray half);

  /** stream + half. */
  record Plain() implements Residual {
    @Override
    public MlxArray add(MlxScope scope, MlxArray stream, MlxArray half) {
      return scope.ops().add(stream, half);
    }
  }

  /** stream + factor half. */
  record Scaled(float factor) implements Residual {
    @Override
    public MlxArray add(MlxScope scope, MlxArray stream, MlxArray half) {
      MlxArray scaled = scope.ops().multiply(half, scope.scalar(factor, half.dtype()));
      return scope.ops().add(stream, scaled);
    }
  }
}
