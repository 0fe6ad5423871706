package dev.hbar.model.family;

import dev.hbar.mlx.MlxGroup;
import dev.hbar.model.layer.ChannelMixer;
import dev.hbar.model.layer.SummedChannels;

/** A channel mixer of whose width each process has a share. */
record SummedChannelRecipe(ChannelRecipe part, MlxGroup group) implements ChannelRecipe {
  @Override
  public ChannelMixer build(Parts parts, String layer) {
    return new SummedChannels(part.build(parts, layer), group);
  }
}
