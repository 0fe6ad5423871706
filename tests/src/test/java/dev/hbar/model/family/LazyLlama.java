package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.mlx.QuantizedWeight;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.checkpoint.WindowConfig;
import dev.hbar.model.layer.Attention;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.GatedMlp;
import dev.hbar.model.layer.Gating;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.LogitMap;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.Projections;
import dev.hbar.model.layer.Residual;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.Rope;
import dev.hbar.model.layer.Sdpa;
import dev.hbar.model.layer.StateKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A model in the exact shape of Llama-3.2-3B-Instruct-4bit whose weights are lazy zeros that are
 * never computed: for timing how long a step takes to build, which does not depend on what is in an
 * array.
 */
public final class LazyLlama {
  private static final int HIDDEN = 3072;
  private static final int INNER = 8192;
  private static final int VOCABULARY = 128256;
  private static final int LAYERS = 28;
  private static final AttentionShape SHAPE = new AttentionShape(24, 8, 128);
  private static final int BITS = 4;
  private static final int GROUP = 64;

  private LazyLlama() {}

  /** The model; the caller closes it. Owner thread. */
  public static CausalLm build() {
    MlxScope scope = MlxScope.open("model");
    RopeConfig.Llama3 config = new RopeConfig.Llama3(500000, 32, 1, 4, 8192);
    float[] periods = Ropes.llama3Periods(SHAPE.headDim(), config);
    Rope rope =
        new Rope.Periods(
            SHAPE.headDim(), false, scope.floats(periods, periods.length), Optional.empty());
    List<DecoderBlock> blocks = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      blocks.add(block(scope, rope));
    }
    Embedding embedding = new Embedding.Quantized(packed(scope, VOCABULARY, HIDDEN), DType.FLOAT16);
    LoadOptions options =
        new LoadOptions(new Compute(WeightForm.PACKED, DType.FLOAT16), MaskChoice.AUTO);
    RmsNorm norm = norm(scope);
    scope.seal();
    return new CausalLm(
        scope,
        config(config),
        options,
        embedding,
        blocks,
        norm,
        embedding.tiedHead(Optional.empty()),
        LogitMap.NONE,
        Optional.empty(),
        Collections.nCopies(
            LAYERS,
            new StateKind.KeysAndValues(
                SHAPE.kvHeads(), SHAPE.headDim(), SHAPE.headDim(), OptionalInt.empty())));
  }

  private static DecoderBlock block(MlxScope scope, Rope rope) {
    int queries = SHAPE.heads() * SHAPE.headDim();
    int keys = SHAPE.kvHeads() * SHAPE.headDim();
    Attention attention =
        Attention.plain(
            new Projections.Joined(linear(scope, queries + 2 * keys, HIDDEN)),
            linear(scope, HIDDEN, queries),
            rope,
            Sdpa.FUSED,
            SHAPE);
    GatedMlp mlp =
        new GatedMlp(
            linear(scope, INNER, HIDDEN),
            linear(scope, INNER, HIDDEN),
            linear(scope, HIDDEN, INNER),
            new Gating.Product(new Compute(WeightForm.PACKED, DType.FLOAT16).silu()));
    return new DecoderBlock.Sequential(
        DecoderBlock.Norms.before(norm(scope)),
        attention,
        DecoderBlock.Norms.before(norm(scope)),
        mlp,
        Residual.PLAIN);
  }

  private static RmsNorm norm(MlxScope scope) {
    return new RmsNorm(scope.ops().zeros(DType.FLOAT16, HIDDEN), 1e-5f);
  }

  private static Linear linear(MlxScope scope, int out, int in) {
    return new Linear.Quantized(packed(scope, out, in), Optional.empty());
  }

  private static QuantizedWeight packed(MlxScope scope, int rows, int columns) {
    MlxArray weight = scope.ops().zeros(DType.UINT32, rows, columns * BITS / 32);
    MlxArray scales = scope.ops().zeros(DType.FLOAT16, rows, columns / GROUP);
    MlxArray biases = scope.ops().zeros(DType.FLOAT16, rows, columns / GROUP);
    return new QuantizedWeight(
        weight, scales, Optional.of(biases), GROUP, BITS, QuantizationMode.AFFINE);
  }

  private static ModelConfig config(RopeConfig rope) {
    return new ModelConfig(
        Path.of("config.json"),
        "llama",
        HIDDEN,
        INNER,
        LAYERS,
        SHAPE.heads(),
        SHAPE.kvHeads(),
        SHAPE.headDim(),
        VOCABULARY,
        1e-5,
        131072,
        SHAPE.headDim(),
        rope,
        new WindowConfig(
            OptionalInt.empty(), false, Optional.empty(), OptionalInt.empty(), List.of()),
        Optional.of(true),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.of(DType.FLOAT16),
        List.of(),
        OptionalInt.empty(),
        JsonFields.empty(Path.of("config.json")));
  }
}
