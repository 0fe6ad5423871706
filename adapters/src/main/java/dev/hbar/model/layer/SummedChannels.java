package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;

/**
 * A channel mixer whose inner width is spread over processes: the answers add up.
 *
 * @param part this process's share of the width; what a tap sees inside is this
 */
public record SummedChannels(ChannelMixer part, MlxGroup group) implements ChannelMixer {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap) {
    return scope.distributed().allSum(part.apply(scope, x, tap), group);
  }
}
