package dev.hbar.model.family;

import dev.hbar.model.layer.ChannelMixer;

/**
 * A channel mixer that published checkpoints and converted ones hold under different names.
 *
 * @param sign the tensor in the layer, whose presence tells
 * @param present built where it is there
 * @param absent built where it is not
 */
record EitherRecipe(String sign, ChannelRecipe present, ChannelRecipe absent)
    implements ChannelRecipe {
  @Override
  public ChannelMixer build(Parts parts, String layer) {
    ChannelRecipe chosen = parts.weights().has(layer + "." + sign) ? present : absent;
    return chosen.build(parts, layer);
  }
}
