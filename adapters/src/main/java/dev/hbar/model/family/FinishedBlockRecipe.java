package dev.hbar.model.family;

import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.FinishedBlock;
import java.util.Optional;

/**
 * A block with Gemma 4's end: what the layer is told of each token, and a factor.
 *
 * @param told size of what a layer is told; 0 where it is told nothing
 */
record FinishedBlockRecipe(BlockRecipe inner, int told, ActivationKind activation)
    implements BlockRecipe {
  @Override
  public DecoderBlock build(Parts parts, String layer) {
    DecoderBlock block = inner.build(parts, layer);
    return new FinishedBlock(
        block,
        told == 0 ? Optional.empty() : Optional.of(told(parts, layer)),
        parts.weights().vector(layer + ".layer_scalar", 1));
  }

  private FinishedBlock.Told told(Parts parts, String layer) {
    int hidden = parts.config().hiddenSize();
    return new FinishedBlock.Told(
        parts.linear(layer + ".per_layer_input_gate", hidden, told, false),
        parts.activation(activation),
        parts.linear(layer + ".per_layer_projection", told, hidden, false),
        parts.norm(layer + ".post_per_layer_input_norm", hidden));
  }

  @Override
  public Optional<MixerRecipe> tokens() {
    return inner.tokens();
  }

  @Override
  public BlockRecipe with(MixerRecipe mixer) {
    return new FinishedBlockRecipe(inner.with(mixer), told, activation);
  }
}
