package dev.hbar.mlx;

import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.IndexCalls;
import dev.hbar.mlx.internal.Reduction;
import dev.hbar.mlx.internal.ShapeCalls;
import java.util.Arrays;
import java.util.Optional;

/**
 * MLX's operations under MLX's names. Lazy: an operation builds a graph node; results belong to the
 * scope this was taken from. Shapes broadcast as in NumPy. Owner thread only.
 *
 * <p>Sums of float16 or bfloat16 are refused: on a CPU the sum of 70000 float16 ones is 2048.
 * Convert to float32 first.
 */
public final class MlxOps extends ElementOps {
  MlxOps(MlxScope scope) {
    super(scope);
  }

  /** Matrix product over the last two axes. */
  public MlxArray matmul(MlxArray a, MlxArray b) {
    return own(Binary.MATMUL.of(a.handle(), b.handle()));
  }

  /**
   * a [..., 1, M, K] times the matrices of a stack b [count, K, N] that each index names: [index
   * dimensions, M, N]. The dimensions of a before its last two broadcast with those of the indices.
   * Float32 only on a CPU.
   *
   * @param indices uint32 or int32, in [0, count), checked as in {@link #take}
   * @param sorted whether equal indices stand together in ascending order, which is faster
   */
  public MlxArray gatherMm(MlxArray a, MlxArray b, MlxArray indices, boolean sorted) {
    return scope().products().gatherMm(a, b, Optional.empty(), Optional.of(indices), sorted);
  }

  /** Sum along an axis, which stays with length 1 where keepDims. */
  public MlxArray sum(MlxArray a, int axis, boolean keepDims) {
    return own(Reduction.SUM.of(a.wide(), axis, keepDims));
  }

  /** Mean along an axis, which stays with length 1 where keepDims. */
  public MlxArray mean(MlxArray a, int axis, boolean keepDims) {
    return own(Reduction.MEAN.of(a.wide(), axis, keepDims));
  }

  /** ln of the sum of exp along an axis, without overflow. */
  public MlxArray logsumexp(MlxArray a, int axis, boolean keepDims) {
    return own(Reduction.LOGSUMEXP.of(a.wide(), axis, keepDims));
  }

  /** Largest element along an axis. */
  public MlxArray max(MlxArray a, int axis, boolean keepDims) {
    return own(Reduction.MAX.of(a.handle(), axis, keepDims));
  }

  /** Smallest element along an axis. */
  public MlxArray min(MlxArray a, int axis, boolean keepDims) {
    return own(Reduction.MIN.of(a.handle(), axis, keepDims));
  }

  /** True where all elements along an axis are true. */
  public MlxArray all(MlxArray a, int axis, boolean keepDims) {
    return own(Reduction.ALL.of(a.handle(), axis, keepDims));
  }

  /** Index of the largest element, uint32; 0 for a row of NaN, so check that the row is finite. */
  public MlxArray argmax(MlxArray a, int axis, boolean keepDims) {
    return place(own(Reduction.ARGMAX.of(a.handle(), axis, keepDims)), a, axis);
  }

  /** Softmax over {@code axis}, accumulated in float32. */
  public MlxArray softmax(MlxArray a, int axis) {
    return own(IndexCalls.softmax(a.handle(), axis, true));
  }

  /** Running sum along an axis, the own element included. */
  public MlxArray cumsum(MlxArray a, int axis) {
    return own(IndexCalls.cumsum(a.wide(), axis, false, true));
  }

  /** Elements in rising order along an axis. */
  public MlxArray sort(MlxArray a, int axis) {
    return own(IndexCalls.sort(a.handle(), axis));
  }

  /** Indices that sort along an axis, uint32. */
  public MlxArray argsort(MlxArray a, int axis) {
    return place(own(IndexCalls.argsort(a.handle(), axis)), a, axis);
  }

  /**
   * Indices along {@code axis} so that element {@code kth} is where sorting would put it, smaller
   * ones before it and larger ones behind, each side in no particular order.
   */
  public MlxArray argpartition(MlxArray a, int kth, int axis) {
    return place(own(IndexCalls.argpartition(a.handle(), kth, axis)), a, axis);
  }

  /** The {@code k} largest elements along {@code axis}, in no particular order. */
  public MlxArray topk(MlxArray a, int k, int axis) {
    return own(IndexCalls.topk(a.handle(), k, axis));
  }

  /**
   * Rows of {@code a} by index, from the end where negative.
   *
   * <p>MLX would read foreign memory outside, so the indices are checked first. That costs nothing
   * for those that Java put in and for those that {@link #argmax}, {@link #argsort}, {@link
   * #argpartition}, {@link #arange} or {@link MlxRandom#categorical} gave, also when cut, joined,
   * reshaped, picked or converted since: their bounds are known, so that a decoding step waits for
   * nothing. Any others are evaluated and read at this call. In a trace ({@link MlxGrad}) nothing
   * can be read: there the graph itself moves an index outside to the nearest one inside.
   *
   * @throws IllegalArgumentException for an index outside
   */
  public MlxArray take(MlxArray a, MlxArray indices, int axis) {
    return own(IndexCalls.take(a.handle(), Indices.along(indices, a, axis), axis)).outOf(a);
  }

  /** For each place the element at its index along an axis; indices as in {@link #take}. */
  public MlxArray takeAlongAxis(MlxArray a, MlxArray indices, int axis) {
    return own(IndexCalls.takeAlongAxis(a.handle(), Indices.along(indices, a, axis), axis))
        .outOf(a);
  }

  /** A copy of {@code a} with {@code values} at {@code indices} along {@code axis}. */
  public MlxArray putAlongAxis(MlxArray a, MlxArray indices, MlxArray values, int axis) {
    return own(
        IndexCalls.putAlongAxis(
            a.handle(), Indices.along(indices, a, axis), values.handle(), axis));
  }

  /** x where the condition is true, else y. */
  public MlxArray where(MlxArray condition, MlxArray x, MlxArray y) {
    return own(IndexCalls.where(condition.handle(), x.handle(), y.handle()));
  }

  /** The elements converted to another type. */
  public MlxArray astype(MlxArray a, DType dtype) {
    MlxArray converted = own(ShapeCalls.astype(a.handle(), dtype));
    boolean keeps =
        switch (dtype) {
          case INT32, INT64 -> true;
          case UINT32, UINT64 -> a.range().filter(numbers -> numbers.low() >= 0).isPresent();
          default -> false;
        };
    return keeps ? converted.outOf(a) : converted;
  }

  /** The same bits read as another type of the same size. */
  public MlxArray view(MlxArray a, DType dtype) {
    return own(ShapeCalls.view(a.handle(), dtype));
  }

  /** Row-contiguous elements; a real copy when the array is a small part of a large buffer. */
  public MlxArray contiguous(MlxArray a) {
    return own(ShapeCalls.contiguous(a.handle())).outOf(a);
  }

  /** The same elements in another shape; -1 stands for what is left. */
  public MlxArray reshape(MlxArray a, int... shape) {
    MlxArray reshaped = own(ShapeCalls.reshape(a.handle(), shape)).outOf(a);
    return hasGap(shape) ? reshaped : reshaped.shaped(shape.clone());
  }

  /** The array repeated to a larger shape; a view. */
  public MlxArray broadcastTo(MlxArray a, int... shape) {
    return own(ShapeCalls.broadcastTo(a.handle(), shape)).outOf(a);
  }

  /** Axes in the given order. */
  public MlxArray transpose(MlxArray a, int... axes) {
    return own(ShapeCalls.transpose(a.handle(), axes)).outOf(a);
  }

  /** Two axes exchanged. */
  public MlxArray swapaxes(MlxArray a, int first, int second) {
    return own(ShapeCalls.swapaxes(a.handle(), first, second)).outOf(a);
  }

  /** A new axis of length 1 at that place. */
  public MlxArray expandDims(MlxArray a, int axis) {
    return own(ShapeCalls.expandDims(a.handle(), axis)).outOf(a);
  }

  /** Without an axis of length 1. */
  public MlxArray squeeze(MlxArray a, int axis) {
    return own(ShapeCalls.squeeze(a.handle(), axis)).outOf(a);
  }

  /**
   * {@code a[start:stop]} on every axis; a view. Bounds outside the array are an error here, MLX
   * clamps them.
   */
  public MlxArray slice(MlxArray a, int[] start, int[] stop) {
    Indices.requireWithin(a, start, stop);
    return own(ShapeCalls.slice(a.handle(), start, stop)).outOf(a).shaped(extent(start, stop));
  }

  /**
   * Writes {@code update} into {@code target[start:stop]}; {@code target} becomes the result. The
   * buffer is reused when no other handle or view of it is open at the next evaluation, otherwise
   * MLX copies all of it.
   */
  public void sliceUpdate(MlxArray target, MlxArray update, int[] start, int[] stop) {
    Indices.requireWithin(target, start, stop);
    int[] range = extent(start, stop);
    if (!Arrays.equals(range, update.dims()) || update.dtype() != target.dtype()) {
      throw new IllegalArgumentException(
          "%s does not fill %s of %s".formatted(update, Arrays.toString(range), target));
    }
    target.forgetRange();
    ShapeCalls.sliceUpdate(target.handle(), update.handle(), start, stop);
  }

  /** Joined along an axis. */
  public MlxArray concatenate(int axis, MlxArray... arrays) {
    return joined(own(ShapeCalls.concatenate(axis, MlxArray.handles(arrays))), arrays);
  }

  /** Joins along a new axis. */
  public MlxArray stack(int axis, MlxArray... arrays) {
    return joined(own(ShapeCalls.stack(axis, MlxArray.handles(arrays))), arrays);
  }

  /** Each element {@code repeats} times along {@code axis}. */
  public MlxArray repeat(MlxArray a, int repeats, int axis) {
    return own(ShapeCalls.repeat(a.handle(), repeats, axis)).outOf(a);
  }

  /** Zeros. */
  public MlxArray zeros(DType dtype, int... shape) {
    return own(ShapeCalls.zeros(dtype, shape));
  }

  /** The value, broadcast to the shape. */
  public MlxArray full(MlxArray value, DType dtype, int... shape) {
    return own(ShapeCalls.full(value.handle(), dtype, shape));
  }

  /** The whole numbers from {@code start} to below {@code stop}. */
  public MlxArray arange(int start, int stop, DType dtype) {
    MlxArray numbers = own(ShapeCalls.arange(start, stop, 1, dtype));
    boolean exact = dtype == DType.INT32 || dtype == DType.INT64 || dtype == DType.UINT32;
    return exact && start >= 0 ? numbers.knownAs(new IndexRange(start, stop - 1L)) : numbers;
  }

  /** Numbers that are places on an axis of {@code a}. */
  private static MlxArray place(MlxArray places, MlxArray a, int axis) {
    return places.knownAs(IndexRange.below(a.dim(axis)));
  }

  private static MlxArray joined(MlxArray whole, MlxArray... parts) {
    if (Arrays.stream(parts).anyMatch(part -> part.range().isEmpty())) {
      return whole;
    }
    return whole.knownAs(
        Arrays.stream(parts).map(part -> part.range().get()).reduce(IndexRange::and).orElseThrow());
  }

  private static boolean hasGap(int... shape) {
    for (int dim : shape) {
      if (dim < 0) {
        return true;
      }
    }
    return false;
  }

  private static int[] extent(int[] start, int[] stop) {
    int[] extent = new int[start.length];
    for (int i = 0; i < extent.length; i++) {
      extent[i] = stop[i] - start[i];
    }
    return extent;
  }
}
