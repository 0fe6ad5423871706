package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/** The function between the projections of an MLP. */
public sealed interface Activation permits Silu, PlainActivation, XieLu, CpuGate {
  /** Of every element, in x's type, owned by {@code scope}. */
  MlxArray apply(MlxScope scope, MlxArray x);

  /** Of every element, times that of {@code up}. */
  default MlxArray times(MlxScope scope, MlxArray x, MlxArray up) {
    return scope.ops().multiply(apply(scope, x), up);
  }
}
