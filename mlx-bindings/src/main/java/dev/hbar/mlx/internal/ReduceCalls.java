package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Reductions with more arguments than axes. */
public final class ReduceCalls {
  private ReduceCalls() {}

  public static ArrayHandle var(ArrayHandle a, boolean keepDims, int ddof) {
    return NativeCall.array(
        "mlx_var", o -> ops_h.mlx_var(o, a.struct(), keepDims, ddof, Execution.stream()), a);
  }

  public static ArrayHandle var(ArrayHandle a, int axis, boolean keepDims, int ddof) {
    return NativeCall.array(
        "mlx_var_axis",
        o -> ops_h.mlx_var_axis(o, a.struct(), axis, keepDims, ddof, Execution.stream()),
        a);
  }

  public static ArrayHandle var(ArrayHandle a, int[] axes, boolean keepDims, int ddof) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_var_axes",
        o ->
            ops_h.mlx_var_axes(
                o, a.struct(), axesInts, axes.length, keepDims, ddof, Execution.stream()),
        a);
  }

  public static ArrayHandle std(ArrayHandle a, boolean keepDims, int ddof) {
    return NativeCall.array(
        "mlx_std", o -> ops_h.mlx_std(o, a.struct(), keepDims, ddof, Execution.stream()), a);
  }

  public static ArrayHandle std(ArrayHandle a, int axis, boolean keepDims, int ddof) {
    return NativeCall.array(
        "mlx_std_axis",
        o -> ops_h.mlx_std_axis(o, a.struct(), axis, keepDims, ddof, Execution.stream()),
        a);
  }

  public static ArrayHandle std(ArrayHandle a, int[] axes, boolean keepDims, int ddof) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_std_axes",
        o ->
            ops_h.mlx_std_axes(
                o, a.struct(), axesInts, axes.length, keepDims, ddof, Execution.stream()),
        a);
  }

  public static ArrayHandle softmax(ArrayHandle a, boolean precise) {
    return NativeCall.array(
        "mlx_softmax", o -> ops_h.mlx_softmax(o, a.struct(), precise, Execution.stream()), a);
  }

  public static ArrayHandle softmax(ArrayHandle a, int[] axes, boolean precise) {
    MemorySegment axesInts = Scratch.ints(axes);
    return NativeCall.array(
        "mlx_softmax_axes",
        o ->
            ops_h.mlx_softmax_axes(
                o, a.struct(), axesInts, axes.length, precise, Execution.stream()),
        a);
  }
}
