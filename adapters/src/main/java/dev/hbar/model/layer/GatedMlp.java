package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/** SwiGLU: down(silu(gate(x)) * up(x)). */
public record GatedMlp(Linear gate, Linear up, Linear down, Silu silu) {
  public MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap) {
    MlxArray gated = silu.apply(scope, tap.pass(scope, BlockPart.GATE, gate.apply(scope, x)));
    MlxArray wide = tap.pass(scope, BlockPart.UP, up.apply(scope, x));
    return down.apply(scope, scope.ops().multiply(gated, wide));
  }
}
