package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;

/** How a token mixer is built: its sizes, its kind, and the names of its weights. */
sealed interface MixerRecipe
    permits AttentionRecipe,
        GatedDeltaRecipe,
        LatentAttentionRecipe,
        Mamba2Recipe,
        SharedAttentionRecipe,
        ShortConvRecipe,
        SummedMixerRecipe {
  /** What the layer keeps, known before any weight is read; activations are of {@code dtype}. */
  StateKind state(DType dtype);

  /** The mixer of the layer at {@code layer}, such as {@code model.layers.3}. */
  TokenMixer build(Parts parts, String layer);

  /** The same without a window, for those that have one. */
  default MixerRecipe withoutWindow() {
    return this;
  }
}
