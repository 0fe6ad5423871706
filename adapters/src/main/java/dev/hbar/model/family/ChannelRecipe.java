package dev.hbar.model.family;

import dev.hbar.model.layer.ChannelMixer;

/** How a channel mixer is built: its sizes, its kind, and the names of its weights. */
sealed interface ChannelRecipe
    permits DenseBesideExpertsRecipe, EitherRecipe, ExpertsRecipe, MlpRecipe, SummedChannelRecipe {
  /** The mixer of the layer at {@code layer}, such as {@code model.layers.3}. */
  ChannelMixer build(Parts parts, String layer);
}
