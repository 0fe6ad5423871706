package dev.hbar.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/** SwiGLU: down(silu(gate(x)) * up(x)). */
public record GatedMlp(Linear gate, Linear up, Linear down, Silu silu) {
  public MlxArray apply(MlxScope scope, MlxArray x) {
    MlxArray gated = silu.apply(scope, gate.apply(scope, x));
    return down.apply(scope, scope.ops().multiply(gated, up.apply(scope, x)));
  }
}
