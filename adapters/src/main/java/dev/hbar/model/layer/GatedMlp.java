package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/** down(gating(gate(x), up(x))); SwiGLU with silu. */
public record GatedMlp(Linear gate, Linear up, Linear down, Gating gating) implements ChannelMixer {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap) {
    MlxArray narrow = tap.pass(scope, BlockPart.GATE, gate.apply(scope, x));
    MlxArray wide = tap.pass(scope, BlockPart.UP, up.apply(scope, x));
    return down.apply(scope, gating.apply(scope, narrow, wide));
  }
}
