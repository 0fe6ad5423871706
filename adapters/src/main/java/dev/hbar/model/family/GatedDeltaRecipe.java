package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.CausalConv;
import dev.hbar.model.layer.GatedDelta;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A gated delta net at {@code linear_attn}.
 *
 * @param taps of the convolution
 * @param activation behind it
 * @param fused {@code in_proj_qkvz} holds, key head by key head, the rows of q, k, v and z, and
 *     {@code in_proj_ba} those of b and a
 */
record GatedDeltaRecipe(
    int hidden, GatedDelta.Shape shape, int taps, ActivationKind activation, boolean fused)
    implements MixerRecipe {
  private static final int MAX_HEADS = 4096;
  private static final int MAX_WIDTH = 1 << 16;

  /** With the sizes that config.json names, or the usual ones. */
  static GatedDeltaRecipe of(ModelConfig config, boolean fused) {
    JsonFields fields = config.fields();
    int keyHeads = fields.optionalPositiveInt("linear_num_key_heads", MAX_HEADS).orElse(16);
    int valueHeads = fields.optionalPositiveInt("linear_num_value_heads", MAX_HEADS).orElse(32);
    if (valueHeads % keyHeads != 0) {
      throw fields.fault(
          "linear_num_key_heads",
          "must divide linear_num_value_heads %s, found %s".formatted(valueHeads, keyHeads));
    }
    GatedDelta.Shape shape =
        new GatedDelta.Shape(
            keyHeads,
            valueHeads,
            fields.optionalPositiveInt("linear_key_head_dim", MAX_WIDTH).orElse(128),
            fields.optionalPositiveInt("linear_value_head_dim", MAX_WIDTH).orElse(128));
    int taps = fields.optionalPositiveInt("linear_conv_kernel_dim", MAX_WIDTH).orElse(4);
    return new GatedDeltaRecipe(config.hiddenSize(), shape, taps, ActivationKind.of(config), fused);
  }

  @Override
  public StateKind state(DType dtype) {
    return GatedDelta.state(shape, taps, dtype);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + ".linear_attn";
    WeightStore weights = parts.weights();
    if (fused) {
      takeApart(weights, own);
    }
    int heads = shape.valueHeads();
    int mixed = 2 * shape.keys() + shape.values();
    return new GatedDelta(
        shape,
        parts.linear(own + ".in_proj_qkv", hidden, mixed, false),
        parts.linear(own + ".in_proj_z", hidden, shape.values(), false),
        parts.linear(own + ".in_proj_b", hidden, heads, false),
        parts.linear(own + ".in_proj_a", hidden, heads, false),
        new CausalConv(weights.taps(own + ".conv1d", mixed, taps), Optional.empty()),
        parts.activation(activation),
        DecayRate.of(parts, own, heads),
        weights.vector(own + ".dt_bias", DType.FLOAT32, heads),
        GatedDelta.unitNorm(parts.model(), shape.keyDim()),
        new RmsNorm(
            weights.vector(own + ".norm.weight", DType.FLOAT32, shape.valueDim()),
            (float) parts.config().rmsNormEps()),
        parts.linear(own + ".out_proj", shape.values(), hidden, false),
        parts.options().compute().silu());
  }

  /** Rows of each key head: q, k, the values of its heads, their z. */
  private void takeApart(WeightStore weights, String own) {
    int perKey = shape.valueHeads() / shape.keyHeads();
    int dim = shape.keyDim();
    int values = perKey * shape.valueDim();
    int turn = 2 * dim + 2 * values;
    int[] qkv =
        Stream.of(rows(turn, 0, dim), rows(turn, dim, dim), rows(turn, 2 * dim, values))
            .flatMapToInt(part -> part)
            .toArray();
    int[] z = rows(turn, 2 * dim + values, values).toArray();
    weights.deal(
        own + ".in_proj_qkvz", List.of(own + ".in_proj_qkv", own + ".in_proj_z"), List.of(qkv, z));
    int[] b = rows(2 * perKey, 0, perKey).toArray();
    int[] a = rows(2 * perKey, perKey, perKey).toArray();
    weights.deal(
        own + ".in_proj_ba", List.of(own + ".in_proj_b", own + ".in_proj_a"), List.of(b, a));
  }

  /** For every key head {@code count} rows from {@code first} on, of {@code turn} that it has. */
  private IntStream rows(int turn, int first, int count) {
    return IntStream.range(0, shape.keyHeads())
        .flatMap(head -> IntStream.range(0, count).map(i -> head * turn + first + i));
  }
}
