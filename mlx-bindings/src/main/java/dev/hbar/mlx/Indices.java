package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import java.util.Arrays;

/**
 * Index arrays on their way to MLX, which checks none: an index outside reads or writes foreign
 * memory. Bounds that are known ({@link IndexRange}) cost nothing; where they are not, or are too
 * wide, the indices are evaluated and read, once. In a trace ({@link MlxGrad}) there is nothing to
 * read, so there the graph moves an index outside to the nearest one inside.
 */
final class Indices {
  private Indices() {}

  /** For places of {@code table} along an axis, from the end where negative. */
  static ArrayHandle along(MlxArray indices, MlxArray table, int axis) {
    return along(indices, table, axis, 1);
  }

  /** The same for {@code span} elements from each place. */
  static ArrayHandle along(MlxArray indices, MlxArray table, int axis, int span) {
    int[] shape = table.dims();
    int at = axis < 0 ? shape.length + axis : axis;
    if (at < 0 || at >= shape.length) {
      return indices.handle(); // MLX refuses the axis
    }
    return inside(indices, -shape[at], shape[at] - span, "axis " + axis + " of ", table);
  }

  /** For the matrices of a stack [..., rows, columns], counted over all its leading axes. */
  static ArrayHandle stacked(MlxArray indices, MlxArray stack) {
    int[] shape = stack.dims();
    long count =
        Arrays.stream(shape)
            .limit(Math.max(0, shape.length - 2))
            .asLongStream()
            .reduce(1, (a, b) -> a * b);
    return inside(indices, 0, count - 1, "the matrices of ", stack);
  }

  /** For the start, on each of the axes, of a piece with these lengths on all axes of the table. */
  static ArrayHandle starting(MlxArray start, MlxArray table, int[] axes, int[] lengths) {
    int[] shape = table.dims();
    int[] last = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      int at = axes[i] < 0 ? shape.length + axes[i] : axes[i];
      if (lengths.length != shape.length
          || at < 0
          || at >= shape.length
          || start.size() != last.length) {
        throw new IllegalArgumentException(
            "%s of %s: one length for each axis, one start for each of %s"
                .formatted(Arrays.toString(lengths), table, Arrays.toString(axes)));
      }
      last[i] = shape[at] - lengths[at];
    }
    return each(start, last, "a piece of " + Arrays.toString(lengths) + " of " + table);
  }

  /** For pairs of a first column and the one after the last, [S, 2], among so many. */
  static ArrayHandle segments(MlxArray segments, int columns) {
    int[] last = new int[Math.toIntExact(segments.size())];
    Arrays.fill(last, columns);
    return each(segments, last, "a segment of " + columns + " columns");
  }

  /** Each number from 0 to its own last one. */
  private static ArrayHandle each(MlxArray numbers, int[] last, String what) {
    MlxScope owner = numbers.owner();
    if (owner.isTrace()) {
      MlxArray most = owner.ops().reshape(owner.ints(last, last.length), numbers.shape());
      MlxArray least = owner.create().scalar(0);
      return owner.ops().minimum(owner.ops().maximum(numbers, least), most).handle();
    }
    int[] found = numbers.toInts();
    for (int i = 0; i < last.length; i++) {
      if (found[i] < 0 || found[i] > last[i]) {
        throw new IllegalArgumentException(what + " cannot start or end at " + found[i]);
      }
    }
    return numbers.handle();
  }

  private static ArrayHandle inside(
      MlxArray indices, long low, long high, String what, MlxArray table) {
    if (indices.range().isPresent() && indices.range().get().isInside(low, high)) {
      return indices.handle();
    }
    if (indices.owner().isTrace()) {
      return clamped(indices, low, high).handle();
    }
    if (indices.dtype().isFloating() || indices.dtype() == DType.COMPLEX64) {
      return indices.handle(); // MLX refuses the type
    }
    IndexRange read = IndexRange.read(indices);
    if (!read.isInside(low, high)) {
      throw new IllegalArgumentException(
          "index %s is outside %s%s"
              .formatted(read.low() < low ? read.low() : read.high(), what, table));
    }
    indices.knownAs(read);
    return indices.handle();
  }

  private static MlxArray clamped(MlxArray indices, long low, long high) {
    MlxScope trace = indices.owner();
    MlxOps ops = trace.ops();
    MlxArray wide = ops.astype(indices, DType.INT64);
    MlxArray least = trace.create().scalar((int) low);
    MlxArray most = trace.create().scalar((int) high);
    return ops.minimum(ops.maximum(wide, least), most);
  }

  /** For bounds of a slice, which MLX would clamp. */
  static void requireWithin(MlxArray a, int[] start, int[] stop) {
    int[] shape = a.dims();
    boolean within = start.length == shape.length && stop.length == shape.length;
    for (int i = 0; within && i < shape.length; i++) {
      within = 0 <= start[i] && start[i] <= stop[i] && stop[i] <= shape[i];
    }
    if (!within) {
      throw new IllegalArgumentException(
          "[%s, %s) is outside %s"
              .formatted(Arrays.toString(start), Arrays.toString(stop), Arrays.toString(shape)));
    }
  }
}
