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
import java.util.stream.IntStream;

/**
 * Causal attention with a cache of keys and values. Start from {@link #plain}, add what differs.
 *
 * @param path of the attention in its layer
 * @param bias q_proj, k_proj and v_proj have biases
 * @param outputBias o_proj has a bias
 * @param headNorms q_norm and k_norm normalise every head before it turns
 * @param fused {@code qkv_proj} holds the rows of q_proj, k_proj and v_proj
 * @param gated {@code q_proj} holds, head by head, the rows of the queries and of the output gate
 * @param names of what families call differently
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
    boolean gated,
    Names names,
    OptionalInt window)
    implements MixerRecipe {
  /** Of the output projection and the norms of heads. */
  record Names(String output, String queryNorm, String keyNorm) {
    static final Names USUAL = new Names("o_proj", "q_norm", "k_norm");
  }

  static AttentionRecipe plain(ModelConfig config) {
    return new AttentionRecipe(
        "self_attn",
        config.hiddenSize(),
        new AttentionShape(config.heads(), config.kvHeads(), config.headDim()),
        false,
        false,
        false,
        false,
        false,
        Names.USUAL,
        OptionalInt.empty());
  }

  AttentionRecipe withBiases(boolean queryKeyValue, boolean output) {
    return new AttentionRecipe(
        path, hidden, shape, queryKeyValue, output, headNorms, fused, gated, names, window);
  }

  AttentionRecipe withHeadNorms() {
    return new AttentionRecipe(
        path, hidden, shape, bias, outputBias, true, fused, gated, names, window);
  }

  AttentionRecipe withFusedProjections() {
    return new AttentionRecipe(
        path, hidden, shape, bias, outputBias, headNorms, true, gated, names, window);
  }

  AttentionRecipe withOutputGate() {
    return new AttentionRecipe(
        path, hidden, shape, bias, outputBias, headNorms, fused, true, names, window);
  }

  AttentionRecipe withNames(Names others) {
    return new AttentionRecipe(
        path, hidden, shape, bias, outputBias, headNorms, fused, gated, others, window);
  }

  AttentionRecipe withWindow(OptionalInt size) {
    return new AttentionRecipe(
        path, hidden, shape, bias, outputBias, headNorms, fused, gated, names, size);
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
    String gate = own + ".gate_proj";
    if (gated) {
      parts
          .weights()
          .deal(query, List.of(query, gate), List.of(rowsOfHeads(0), rowsOfHeads(shape.headDim())));
    }
    return new Attention(
        parts.linear(query, hidden, queries, bias),
        parts.linear(key, hidden, keys, bias),
        parts.linear(value, hidden, keys, bias),
        norms(parts, own),
        gated ? Optional.of(parts.linear(gate, hidden, queries, bias)) : Optional.empty(),
        parts.linear(own + "." + names.output(), queries, hidden, outputBias),
        parts.rope(),
        parts.options().sdpa(),
        shape);
  }

  private Optional<HeadNorms> norms(Parts parts, String own) {
    return headNorms
        ? Optional.of(
            new HeadNorms(
                parts.norm(own + "." + names.queryNorm(), shape.headDim()),
                parts.norm(own + "." + names.keyNorm(), shape.headDim())))
        : Optional.empty();
  }

  /** Of every head that many rows from {@code first} on, of twice as many. */
  private int[] rowsOfHeads(int first) {
    int dim = shape.headDim();
    return IntStream.range(0, shape.heads() * dim)
        .map(row -> row / dim * 2 * dim + first + row % dim)
        .toArray();
  }
}
