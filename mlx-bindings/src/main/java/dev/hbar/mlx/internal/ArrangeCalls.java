package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Calls that reorder, cut, join and pad. */
public final class ArrangeCalls {
  private ArrangeCalls() {}

  public static ArrayHandle flatten(ArrayHandle a, int startAxis, int endAxis) {
    return NativeCall.array(
        "mlx_flatten",
        o -> ops_h.mlx_flatten(o, a.struct(), startAxis, endAxis, Execution.stream()),
        a);
  }

  public static ArrayHandle unflatten(ArrayHandle a, int axis, int... shape) {
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_unflatten",
        o -> ops_h.mlx_unflatten(o, a.struct(), axis, shapeInts, shape.length, Execution.stream()),
        a);
  }

  public static ArrayHandle flip(ArrayHandle a, int axis) {
    return NativeCall.array(
        "mlx_flip_axis", o -> ops_h.mlx_flip_axis(o, a.struct(), axis, Execution.stream()), a);
  }

  public static ArrayHandle flipAxes(ArrayHandle a, int... axes) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_flip_axes",
        o -> ops_h.mlx_flip_axes(o, a.struct(), axesInts, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle roll(ArrayHandle a, int... shift) {
    MemorySegment shiftInts = Scratch.ints(shift);
    return NativeCall.array(
        "mlx_roll",
        o -> ops_h.mlx_roll(o, a.struct(), shiftInts, shift.length, Execution.stream()),
        a);
  }

  public static ArrayHandle rollAxis(ArrayHandle a, int[] shift, int axis) {
    MemorySegment shiftInts = Scratch.ints(shift);
    return NativeCall.array(
        "mlx_roll_axis",
        o -> ops_h.mlx_roll_axis(o, a.struct(), shiftInts, shift.length, axis, Execution.stream()),
        a);
  }

  public static ArrayHandle rollAxes(ArrayHandle a, int[] shift, int... axes) {
    MemorySegment shiftInts = Scratch.ints(shift);
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_roll_axes",
        o ->
            ops_h.mlx_roll_axes(
                o, a.struct(), shiftInts, shift.length, axesInts, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle moveaxis(ArrayHandle a, int source, int destination) {
    return NativeCall.array(
        "mlx_moveaxis",
        o -> ops_h.mlx_moveaxis(o, a.struct(), source, destination, Execution.stream()),
        a);
  }

  public static ArrayHandle squeezeAxes(ArrayHandle a, int... axes) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_squeeze_axes",
        o -> ops_h.mlx_squeeze_axes(o, a.struct(), axesInts, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle expandDims(ArrayHandle a, int... axes) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_expand_dims_axes",
        o -> ops_h.mlx_expand_dims_axes(o, a.struct(), axesInts, axes.length, Execution.stream()),
        a);
  }

  public static ArrayHandle pad(
      ArrayHandle a, int[] axes, int[] low, int[] high, ArrayHandle padValue, String mode) {
    MemorySegment axesInts = Scratch.ints(axes);
    MemorySegment lowInts = Scratch.ints(low);
    MemorySegment highInts = Scratch.ints(high);
    return NativeCall.array(
        "mlx_pad",
        o ->
            ops_h.mlx_pad(
                o,
                a.struct(),
                axesInts,
                axes.length,
                lowInts,
                low.length,
                highInts,
                high.length,
                padValue.struct(),
                CStrings.constant(mode),
                Execution.stream()),
        a,
        padValue);
  }

  public static ArrayHandle pad(ArrayHandle a, int padWidth, ArrayHandle padValue, String mode) {
    return NativeCall.array(
        "mlx_pad_symmetric",
        o ->
            ops_h.mlx_pad_symmetric(
                o,
                a.struct(),
                padWidth,
                padValue.struct(),
                CStrings.constant(mode),
                Execution.stream()),
        a,
        padValue);
  }

  public static ArrayHandle tile(ArrayHandle a, int... reps) {
    MemorySegment repsInts = Scratch.ints(reps);
    return NativeCall.array(
        "mlx_tile",
        o -> ops_h.mlx_tile(o, a.struct(), repsInts, reps.length, Execution.stream()),
        a);
  }

  public static ArrayHandle repeat(ArrayHandle a, int repeats) {
    return NativeCall.array(
        "mlx_repeat", o -> ops_h.mlx_repeat(o, a.struct(), repeats, Execution.stream()), a);
  }

  public static ArrayHandle concatenate(ArrayHandle... arrays) {
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_concatenate",
                o -> ops_h.mlx_concatenate(o, vector, Execution.stream()),
                arrays),
        arrays);
  }

  public static ArrayHandle stack(ArrayHandle... arrays) {
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_stack", o -> ops_h.mlx_stack(o, vector, Execution.stream()), arrays),
        arrays);
  }

  public static ArrayHandle[] split(ArrayHandle a, int numSplits, int axis) {
    return NativeCall.arrays(
        "mlx_split", o -> ops_h.mlx_split(o, a.struct(), numSplits, axis, Execution.stream()), a);
  }

  public static ArrayHandle[] splitAt(ArrayHandle a, int[] indices, int axis) {
    MemorySegment indicesInts = Scratch.ints(indices);
    return NativeCall.arrays(
        "mlx_split_sections",
        o ->
            ops_h.mlx_split_sections(
                o, a.struct(), indicesInts, indices.length, axis, Execution.stream()),
        a);
  }

  public static ArrayHandle[] unstack(ArrayHandle a, int axis) {
    return NativeCall.arrays(
        "mlx_unstack_axis",
        o -> ops_h.mlx_unstack_axis(o, a.struct(), axis, Execution.stream()),
        a);
  }

  public static ArrayHandle[] unstack(ArrayHandle a) {
    return NativeCall.arrays(
        "mlx_unstack", o -> ops_h.mlx_unstack(o, a.struct(), Execution.stream()), a);
  }

  public static ArrayHandle[] broadcastArrays(ArrayHandle... inputs) {
    return ArrayVector.with(
        vector ->
            NativeCall.arrays(
                "mlx_broadcast_arrays",
                o -> ops_h.mlx_broadcast_arrays(o, vector, Execution.stream()),
                inputs),
        inputs);
  }

  public static ArrayHandle[] meshgrid(boolean sparse, boolean matrix, ArrayHandle... arrays) {
    return ArrayVector.with(
        vector ->
            NativeCall.arrays(
                "mlx_meshgrid",
                o ->
                    ops_h.mlx_meshgrid(
                        o,
                        vector,
                        sparse,
                        CStrings.constant(matrix ? "ij" : "xy"),
                        Execution.stream()),
                arrays),
        arrays);
  }

  public static ArrayHandle diag(ArrayHandle a, int k) {
    return NativeCall.array(
        "mlx_diag", o -> ops_h.mlx_diag(o, a.struct(), k, Execution.stream()), a);
  }

  public static ArrayHandle diagonal(ArrayHandle a, int offset, int axis1, int axis2) {
    return NativeCall.array(
        "mlx_diagonal",
        o -> ops_h.mlx_diagonal(o, a.struct(), offset, axis1, axis2, Execution.stream()),
        a);
  }

  public static ArrayHandle tril(ArrayHandle x, int k) {
    return NativeCall.array(
        "mlx_tril", o -> ops_h.mlx_tril(o, x.struct(), k, Execution.stream()), x);
  }

  public static ArrayHandle triu(ArrayHandle x, int k) {
    return NativeCall.array(
        "mlx_triu", o -> ops_h.mlx_triu(o, x.struct(), k, Execution.stream()), x);
  }

  public static ArrayHandle trace(ArrayHandle a, int offset, int axis1, int axis2, DType dtype) {
    return NativeCall.array(
        "mlx_trace_axes",
        o ->
            ops_h.mlx_trace_axes(
                o, a.struct(), offset, axis1, axis2, dtype.code(), Execution.stream()),
        a);
  }

  public static ArrayHandle numberOfElements(
      ArrayHandle a, int[] axes, boolean inverted, DType dtype) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_number_of_elements",
        o ->
            ops_h.mlx_number_of_elements(
                o, a.struct(), axesInts, axes.length, inverted, dtype.code(), Execution.stream()),
        a);
  }
}
