package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.SummedTokens;
import dev.hbar.model.layer.TokenMixer;

/** A token mixer of which each process has some heads. */
record SummedMixerRecipe(MixerRecipe part, MlxGroup group) implements MixerRecipe {
  @Override
  public StateKind state(DType dtype) {
    return part.state(dtype);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    return new SummedTokens(part.build(parts, layer), group);
  }

  @Override
  public MixerRecipe withoutWindow() {
    return new SummedMixerRecipe(part.withoutWindow(), group);
  }
}
