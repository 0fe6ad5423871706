package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Attention;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.HeadNorms;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Causal attention with a cache of keys and values. Start from {@link #plain}, add what differs.
 *
 * @param path of the attention in its layer
 * @param bias q_proj, k_proj and v_proj have biases
 * @param outputBias o_proj has a bias
 * @param headNorms q_norm and k_norm normalise every head before it turns
 * @param fused {@code qkv_proj} holds the rows of q_proj, k_proj and v_proj
 * @param window the last keys that a query sees, itself included; empty: all
 */
record AttentionRecipe(
    String path,
    int hidden,
    AttentionShape shape,
    boolean bias,
    boolean outputBias,
    boolean headNorms,
    boolean fused,
    OptionalInt window)
    implements MixerRecipe {
  static AttentionRecipe plain(ModelConfig config) {
    return new AttentionRecipe(
        "self_attn",
        config.hiddenSize(),
        new AttentionShape(config.heads(), config.kvHeads(), config.headDim()),
        false,
        false,
        false,
        false,
        OptionalInt.empty());
  }

  AttentionRecipe withBiases(boolean queryKeyValue, boolean output) {
    return new AttentionRecipe(
        path, hidden, shape, queryKeyValue, output, headNorms, fused, window);
  }

  AttentionRecipe withHeadNorms() {
    return new AttentionRecipe(path, hidden, shape, bias, outputBias, true, fused, window);
  }

  AttentionRecipe withFusedProjections() {
    return new AttentionRecipe(path, hidden, shape, bias, outputBias, headNorms, true, window);
  }

  AttentionRecipe withWindow(OptionalInt size) {
    return new AttentionRecipe(path, hidden, shape, bias, outputBias, headNorms, fused, size);
  }

  @Override
  public MixerRecipe withoutWindow() {
    return withWindow(OptionalInt.empty());
  }

  @Override
  public StateKind state(DType dtype) {
    return new StateKind.KeysAndValues(shape.kvHeads(), shape.headDim(), shape.headDim(), window);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + "." + path;
    int queries = shape.heads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    String query = own + ".q_proj";
    String key = own + ".k_proj";
    String value = own + ".v_proj";
    if (fused) {
      parts.weights().split(own + ".qkv_proj", List.of(query, key, value), queries, keys, keys);
    }
    return new Attention(
        parts.linear(query, hidden, queries, bias),
        parts.linear(key, hidden, keys, bias),
        parts.linear(value, hidden, keys, bias),
        norms(parts, own),
        parts.linear(own + ".o_proj", queries, hidden, outputBias),
        parts.rope(),
        parts.options().sdpa(),
        shape);
  }

  private Optional<HeadNorms> norms(Parts parts, String own) {
    return headNorms
        ? Optional.of(
            new HeadNorms(
                parts.norm(own + ".q_norm", shape.headDim()),
                parts.norm(own + ".k_norm", shape.headDim())))
        : Optional.empty();
  }
}
