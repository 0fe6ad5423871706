package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.SharedAttention;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;

/**
 * Attention over the keys and values of an earlier layer.
 *
 * @param like the attention that it would be with keys of its own
 * @param source the layer whose keys and values it reads
 */
record SharedAttentionRecipe(AttentionRecipe like, int source) implements MixerRecipe {
  @Override
  public StateKind state(DType dtype) {
    return StateKind.NOTHING;
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    AttentionShape shape = like.shape();
    String own = layer + "." + like.names().path() + ".";
    int queries = shape.heads() * shape.headDim();
    return new SharedAttention(
        parts.linear(own + like.names().query(), like.hidden(), queries, like.bias()),
        parts.norm(own + like.names().queryNorm(), shape.headDim()),
        parts.linear(own + like.names().output(), queries, like.hidden(), like.outputBias()),
        parts.rope(like.rope()),
        parts.options().sdpa(),
        shape,
        source);
  }
}
