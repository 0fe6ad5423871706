package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;
import java.util.List;

/**
 * A gated delta net in the place of attention: queries, keys and values go through a short
 * convolution into the {@link DeltaRule}; its answers are normed for each head and gated.
 *
 * @param queryKeyValue to [q, k, v] of all heads
 * @param gate to z of all value heads
 * @param beta to one number per value head
 * @param step to one number per value head
 * @param conv over [q, k, v]
 * @param activation behind it
 * @param decayRate float32 [heads], -exp(A_log)
 * @param stepBias float32 [heads]
 * @param unit the norm that makes keys vectors of length 1: no weight of the checkpoint's
 * @param norm of each head's answers, float32
 */
public record GatedDelta(
    Shape shape,
    Linear queryKeyValue,
    Linear gate,
    Linear beta,
    Linear step,
    CausalConv conv,
    Activation activation,
    MlxArray decayRate,
    MlxArray stepBias,
    RmsNorm unit,
    RmsNorm norm,
    Linear output,
    Activation silu)
    implements TokenMixer {
  private static final int TAIL = 0;
  private static final int MEMORY = 1;

  /** Added to the sum of squares of a query or a key. */
  private static final double UNIT_EPS = 1e-6;

  /** Heads and their sizes; each key head serves valueHeads/keyHeads consecutive value heads. */
  public record Shape(int keyHeads, int valueHeads, int keyDim, int valueDim) {
    /** Width of all queries, and of all keys. */
    public int keys() {
      return keyHeads * keyDim;
    }

    /** Width of all values. */
    public int values() {
      return valueHeads * valueDim;
    }
  }

  /**
   * x / sqrt(sum(x^2) + eps) is an RMS norm with the weight 1/sqrt(keyDim) and eps/keyDim; the
   * array belongs to {@code model}.
   */
  public static RmsNorm unitNorm(MlxScope model, int keyDim) {
    try (MlxScope scope = model.child("unit norm")) {
      MlxArray size = scope.scalar((float) (1 / Math.sqrt(keyDim)), DType.FLOAT32);
      MlxArray weight = scope.ops().full(size, DType.FLOAT32, keyDim);
      scope.eval(weight);
      return new RmsNorm(scope.keep(weight), (float) (UNIT_EPS / keyDim));
    }
  }

  /** What it keeps; activations are of {@code dtype}. */
  public static StateKind state(Shape shape, int taps, DType dtype) {
    RecurrentState.Part memory =
        new RecurrentState.Part(
            DType.FLOAT32, List.of(shape.valueHeads(), shape.valueDim(), shape.keyDim()));
    return new StateKind.Recurrent(
        List.of(CausalConv.tail(taps, 2 * shape.keys() + shape.values(), dtype), memory));
  }

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    RecurrentState state = cache.recurrent(layerIndex);
    Padding padding = plan.padding();
    MlxOps ops = scope.ops();
    int rows = x.dim(0);
    int columns = x.dim(1);
    MlxArray projected = queryKeyValue.apply(scope, x);
    MlxArray mixed = activation.apply(scope, conv.apply(scope, projected, state, TAIL, padding));
    DeltaRule rule =
        new DeltaRule(
            queries(scope, mixed),
            unit.apply(scope, heads(scope, mixed, shape.keys(), shape.keyHeads(), shape.keyDim())),
            heads(scope, mixed, 2 * shape.keys(), shape.valueHeads(), shape.valueDim()),
            padding.zeroed(scope, logDecay(scope, x)),
            padding.zeroed(scope, ops.sigmoid(wide(scope, beta.apply(scope, x)))));
    MlxArray answers = norm.apply(scope, rule.apply(scope, state, MEMORY));
    MlxArray z = silu.apply(scope, wide(scope, gate.apply(scope, x)));
    MlxArray joined = ops.reshape(answers, rows, columns, shape.values());
    return output.apply(scope, ops.astype(ops.multiply(joined, z), x.dtype()));
  }

  /** Of length 1/sqrt(keyDim). */
  private MlxArray queries(MlxScope scope, MlxArray mixed) {
    MlxArray q = unit.apply(scope, heads(scope, mixed, 0, shape.keyHeads(), shape.keyDim()));
    float scale = (float) (1 / Math.sqrt(shape.keyDim()));
    return scope.ops().multiply(q, scope.scalar(scale, DType.FLOAT32));
  }

  /** -exp(A_log) softplus(a + bias). */
  private MlxArray logDecay(MlxScope scope, MlxArray x) {
    MlxOps ops = scope.ops();
    MlxArray biased = ops.add(wide(scope, step.apply(scope, x)), stepBias);
    MlxArray softplus = ops.logaddexp(biased, scope.scalar(0f, DType.FLOAT32));
    return ops.multiply(softplus, decayRate);
  }

  /** [B, T, count, dim] from the channels of x that begin at {@code first}. */
  private static MlxArray heads(MlxScope scope, MlxArray x, int first, int count, int dim) {
    int[] from = {0, 0, first};
    int[] to = {x.dim(0), x.dim(1), first + count * dim};
    MlxArray part = scope.ops().slice(x, from, to);
    return scope.ops().reshape(part, x.dim(0), x.dim(1), count, dim);
  }

  private static MlxArray wide(MlxScope scope, MlxArray x) {
    return scope.ops().astype(x, DType.FLOAT32);
  }
}
