package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;
import java.util.List;

/**
 * A Mamba 2 mixer in the place of attention: inputs and both sides of the state go through a short
 * convolution into the {@link StateSpace}; its output is gated, then normed in groups.
 *
 * @param input to [gate, x, b, c, steps]
 * @param conv over [x, b, c]
 * @param activation behind it
 * @param decayRate float32 [heads], -exp(A_log)
 * @param stepBias float32 [heads]
 * @param skip float32 [heads, 1], the share of x that goes past the state (D)
 * @param steps the limits of a step
 * @param unit the norm of a group, with weights of 1, float32
 * @param norm float32 [heads * headDim]
 */
public record Mamba2(
    Shape shape,
    Linear input,
    CausalConv conv,
    Activation activation,
    MlxArray decayRate,
    MlxArray stepBias,
    MlxArray skip,
    StepLimits steps,
    RmsNorm unit,
    MlxArray norm,
    Linear output,
    Activation silu)
    implements TokenMixer {
  private static final int TAIL = 0;
  private static final int STATE = 1;

  /** Heads and sizes; each group of the state's sides serves heads/groups consecutive heads. */
  public record Shape(int heads, int headDim, int groups, int stateDim) {
    /** Width of x, and of the gate. */
    public int inner() {
      return heads * headDim;
    }

    /** Width of b, and of c. */
    public int side() {
      return groups * stateDim;
    }

    /** Width of [x, b, c]. */
    public int channels() {
      return inner() + 2 * side();
    }
  }

  /**
   * The least and the largest step. As in transformers they hold for the columns of a prompt: a
   * single column that goes on from a state takes its step as it is.
   */
  public record StepLimits(float least, float largest) {
    private MlxArray within(MlxScope scope, MlxArray x) {
      MlxOps ops = scope.ops();
      MlxArray raised = least > 0 ? ops.maximum(x, scope.scalar(least, DType.FLOAT32)) : x;
      return largest < Float.POSITIVE_INFINITY
          ? ops.minimum(raised, scope.scalar(largest, DType.FLOAT32))
          : raised;
    }
  }

  /** What it keeps; activations are of {@code dtype}. */
  public static StateKind state(Shape shape, int taps, DType dtype) {
    RecurrentState.Part memory =
        new RecurrentState.Part(
            DType.FLOAT32, List.of(shape.heads(), shape.headDim(), shape.stateDim()));
    return new StateKind.Recurrent(List.of(CausalConv.tail(taps, shape.channels(), dtype), memory));
  }

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    RecurrentState state = cache.recurrent(layerIndex);
    Padding padding = plan.padding();
    boolean goesOn = state.hasBegun();
    MlxOps ops = scope.ops();
    int rows = x.dim(0);
    int columns = x.dim(1);
    int inner = shape.inner();
    MlxArray projected = input.apply(scope, x);
    MlxArray channels = range(scope, projected, inner, shape.channels());
    MlxArray mixed = activation.apply(scope, conv.apply(scope, channels, state, TAIL, padding));
    MlxArray step = step(scope, projected, padding, goesOn && columns == 1);
    MlxArray in = split(scope, mixed, 0, shape.heads(), shape.headDim());
    MlxArray scaled = ops.multiply(in, ops.expandDims(step, 3));
    StateSpace space =
        new StateSpace(
            scaled,
            split(scope, mixed, inner, shape.groups(), shape.stateDim()),
            split(scope, mixed, inner + shape.side(), shape.groups(), shape.stateDim()),
            ops.multiply(step, decayRate));
    MlxArray out = ops.add(space.apply(scope, state, STATE), ops.multiply(in, skip));
    MlxArray joined = ops.reshape(out, rows, columns, inner);
    return output.apply(scope, ops.astype(gated(scope, joined, projected), x.dtype()));
  }

  /** softplus(dt + bias) within its limits, float32 [B, T, heads]. */
  private MlxArray step(MlxScope scope, MlxArray projected, Padding padding, boolean asItIs) {
    MlxOps ops = scope.ops();
    int first = shape.inner() + shape.channels();
    MlxArray raw = wide(scope, range(scope, projected, first, shape.heads()));
    MlxArray zero = scope.scalar(0f, DType.FLOAT32);
    MlxArray softplus = ops.logaddexp(ops.add(raw, stepBias), zero);
    return padding.zeroed(scope, asItIs ? softplus : steps.within(scope, softplus));
  }

  /** rms(y silu(gate)) of each group, times the weight. */
  private MlxArray gated(MlxScope scope, MlxArray y, MlxArray projected) {
    MlxOps ops = scope.ops();
    int inner = shape.inner();
    MlxArray gate = silu.apply(scope, wide(scope, range(scope, projected, 0, inner)));
    int groups = shape.groups();
    MlxArray grouped =
        ops.reshape(ops.multiply(y, gate), y.dim(0), y.dim(1), groups, inner / groups);
    MlxArray normed = ops.reshape(unit.apply(scope, grouped), y.dim(0), y.dim(1), inner);
    return ops.multiply(normed, norm);
  }

  private static MlxArray split(MlxScope scope, MlxArray x, int first, int count, int width) {
    MlxArray part = range(scope, x, first, count * width);
    return scope.ops().reshape(part, x.dim(0), x.dim(1), count, width);
  }

  private static MlxArray range(MlxScope scope, MlxArray x, int first, int count) {
    int[] from = {0, 0, first};
    int[] to = {x.dim(0), x.dim(1), first + count};
    return scope.ops().slice(x, from, to);
  }

  private static MlxArray wide(MlxScope scope, MlxArray x) {
    return scope.ops().astype(x, DType.FLOAT32);
  }
}
