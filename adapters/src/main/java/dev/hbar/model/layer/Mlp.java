package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/** An MLP without a gate: down(activation(up(x))). */
public record Mlp(Linear up, Linear down, Activation activation) implements ChannelMixer {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap) {
    MlxArray wide = tap.pass(scope, BlockPart.UP, up.apply(scope, x));
    return down.apply(scope, activation.apply(scope, wide));
  }
}
