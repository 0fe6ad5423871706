package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Calls that make, view, cut and join arrays. Bounds are the caller's to check: MLX clamps
 * silently.
 */
public final class ShapeCalls {
  private ShapeCalls() {}

  public static ArrayHandle astype(ArrayHandle a, DType dtype) {
    MemorySegment in = a.struct();
    MemorySegment out = Slots.take();
    int status = ops_h.mlx_astype(out, in, dtype.code(), Execution.stream());
    return NativeCall.made("mlx_astype", out, status, a);
  }

  public static ArrayHandle view(ArrayHandle a, DType dtype) {
    return NativeCall.array(
        "mlx_view", o -> ops_h.mlx_view(o, a.struct(), dtype.code(), Execution.stream()), a);
  }

  public static ArrayHandle contiguous(ArrayHandle a) {
    return NativeCall.array(
        "mlx_contiguous", o -> ops_h.mlx_contiguous(o, a.struct(), false, Execution.stream()), a);
  }

  public static ArrayHandle reshape(ArrayHandle a, int... shape) {
    ArrayData.requireReshape(shape);
    MemorySegment dims = Scratch.ints(shape);
    MemorySegment in = a.struct();
    MemorySegment out = Slots.take();
    int status = ops_h.mlx_reshape(out, in, dims, shape.length, Execution.stream());
    return NativeCall.made("mlx_reshape", out, status, a);
  }

  public static ArrayHandle broadcastTo(ArrayHandle a, int... shape) {
    ArrayData.elements(shape);
    MemorySegment dims = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_broadcast_to",
        o -> ops_h.mlx_broadcast_to(o, a.struct(), dims, shape.length, Execution.stream()),
        a);
  }

  public static ArrayHandle transpose(ArrayHandle a, int... axes) {
    MemorySegment order = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_transpose_axes",
        o -> ops_h.mlx_transpose_axes(o, a.struct(), order, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle swapaxes(ArrayHandle a, int first, int second) {
    return NativeCall.array(
        "mlx_swapaxes",
        o -> ops_h.mlx_swapaxes(o, a.struct(), first, second, Execution.stream()),
        a);
  }

  public static ArrayHandle expandDims(ArrayHandle a, int axis) {
    return NativeCall.array(
        "mlx_expand_dims", o -> ops_h.mlx_expand_dims(o, a.struct(), axis, Execution.stream()), a);
  }

  public static ArrayHandle squeeze(ArrayHandle a, int axis) {
    return NativeCall.array(
        "mlx_squeeze_axis",
        o -> ops_h.mlx_squeeze_axis(o, a.struct(), axis, Execution.stream()),
        a);
  }

  public static ArrayHandle slice(ArrayHandle a, int[] start, int[] stop) {
    int n = start.length;
    MemorySegment from = Scratch.ints(start);
    MemorySegment to = Scratch.ints(stop);
    MemorySegment steps = ones(n);
    MemorySegment in = a.struct();
    MemorySegment out = Slots.take();
    int status = ops_h.mlx_slice(out, in, from, n, to, n, steps, n, Execution.stream());
    return NativeCall.made("mlx_slice", out, status, a);
  }

  /**
   * Writes {@code update} into {@code target[start:stop]} and makes {@code target} the result.
   * Source and result are the same struct, so MLX may reuse the buffer instead of copying it.
   */
  public static void sliceUpdate(ArrayHandle target, ArrayHandle update, int[] start, int[] stop) {
    int n = start.length;
    MemorySegment struct = target.struct();
    MemorySegment from = Scratch.ints(start);
    MemorySegment to = Scratch.ints(stop);
    MemorySegment steps = ones(n);
    int status =
        ops_h.mlx_slice_update(
            struct, struct, update.struct(), from, n, to, n, steps, n, Execution.stream());
    NativeCall.check("mlx_slice_update", status, target, update);
  }

  private static MemorySegment ones(int n) {
    MemorySegment steps = Scratch.bytes(Math.max(1, n) * (long) Integer.BYTES);
    for (int i = 0; i < n; i++) {
      steps.setAtIndex(ValueLayout.JAVA_INT, i, 1);
    }
    return steps;
  }

  public static ArrayHandle concatenate(int axis, ArrayHandle... arrays) {
    MemorySegment vector = ArrayVector.of(arrays);
    try {
      return NativeCall.array(
          "mlx_concatenate_axis",
          o -> ops_h.mlx_concatenate_axis(o, vector, axis, Execution.stream()),
          arrays);
    } finally {
      ArrayVector.free(vector);
    }
  }

  public static ArrayHandle stack(int axis, ArrayHandle... arrays) {
    MemorySegment vector = ArrayVector.of(arrays);
    try {
      return NativeCall.array(
          "mlx_stack_axis", o -> ops_h.mlx_stack_axis(o, vector, axis, Execution.stream()), arrays);
    } finally {
      ArrayVector.free(vector);
    }
  }

  public static ArrayHandle repeat(ArrayHandle a, int repeats, int axis) {
    int elements = Math.toIntExact(ArrayData.elements(ArrayQueries.shape(a)));
    ArrayData.requireAllocatable(ArrayQueries.dtype(a), elements, repeats);
    return NativeCall.array(
        "mlx_repeat_axis",
        o -> ops_h.mlx_repeat_axis(o, a.struct(), repeats, axis, Execution.stream()),
        a);
  }

  public static ArrayHandle full(ArrayHandle value, DType dtype, int... shape) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment dims = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_full",
        o ->
            ops_h.mlx_full(
                o, dims, shape.length, value.struct(), dtype.code(), Execution.stream()));
  }

  public static ArrayHandle zeros(DType dtype, int... shape) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment dims = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_zeros", o -> ops_h.mlx_zeros(o, dims, shape.length, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle arange(double start, double stop, double step, DType dtype) {
    return NativeCall.array(
        "mlx_arange",
        o -> ops_h.mlx_arange(o, start, stop, step, dtype.code(), Execution.stream()));
  }
}
