package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/** A normalization over the last axis. */
public sealed interface Norm permits RmsNorm, LayerNorm, LayerNorm.OfHeads, Norm.None {
  /** Where a block has no norm. */
  Norm NONE = new None();

  /** x [..., size] to the same shape and type, owned by {@code scope} unless it is x. */
  MlxArray apply(MlxScope scope, MlxArray x);

  /** x as it is: no operation. */
  record None() implements Norm {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      return x;
    }
  }
}
