package dev.hbar.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/** SwiGLU: down(silu(gate(x)) * up(x)). */
public record GatedMlp(Linear gate, Linear up, Linear down) {
  public MlxArray apply(MlxScope scope, MlxArray x) {
    MlxOps ops = scope.ops();
    MlxArray gated = gate.apply(scope, x);
    MlxArray silu = ops.multiply(gated, ops.sigmoid(gated));
    return down.apply(scope, ops.multiply(silu, up.apply(scope, x)));
  }
}
