package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxFast;
import dev.hbar.mlx.MlxScope;

/** Activations whose product with the other projection is one pass of hbar's own CPU kernel. */
public enum CpuGate implements Activation {
  SILU(Silu.POWER, MlxFast.Gate.SILU),
  GELU_TANH(PlainActivation.GELU_TANH, MlxFast.Gate.GELU_TANH);

  private final Activation alone;
  private final MlxFast.Gate gate;

  CpuGate(Activation alone, MlxFast.Gate gate) {
    this.alone = alone;
    this.gate = gate;
  }

  @Override
  public MlxArray apply(MlxScope scope, MlxArray x) {
    return alone.apply(scope, x);
  }

  @Override
  public MlxArray times(MlxScope scope, MlxArray x, MlxArray up) {
    return scope.fast().gated(gate, x, up);
  }
}
