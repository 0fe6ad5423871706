package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;

/** The half of a block that looks at each token alone. */
public sealed interface ChannelMixer
    permits DenseBesideExperts, Experts, GatedMlp, Mlp, SummedChannels {
  /** x [B, T, hidden] to [B, T, hidden], owned by {@code scope}. */
  MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap);
}
