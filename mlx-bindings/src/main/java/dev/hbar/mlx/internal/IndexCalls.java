package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/**
 * Calls that gather, choose, order and accumulate. Indices are the caller's to check: MLX reads
 * beyond the table.
 */
public final class IndexCalls {
  private IndexCalls() {}

  public static ArrayHandle take(ArrayHandle a, ArrayHandle indices, int axis) {
    return NativeCall.array(
        "mlx_take_axis",
        o -> ops_h.mlx_take_axis(o, a.struct(), indices.struct(), axis, Execution.stream()),
        a,
        indices);
  }

  public static ArrayHandle takeAlongAxis(ArrayHandle a, ArrayHandle indices, int axis) {
    return NativeCall.array(
        "mlx_take_along_axis",
        o -> ops_h.mlx_take_along_axis(o, a.struct(), indices.struct(), axis, Execution.stream()),
        a,
        indices);
  }

  public static ArrayHandle putAlongAxis(
      ArrayHandle a, ArrayHandle indices, ArrayHandle values, int axis) {
    return NativeCall.array(
        "mlx_put_along_axis",
        o ->
            ops_h.mlx_put_along_axis(
                o, a.struct(), indices.struct(), values.struct(), axis, Execution.stream()),
        a,
        indices,
        values);
  }

  public static ArrayHandle where(ArrayHandle condition, ArrayHandle x, ArrayHandle y) {
    return NativeCall.array(
        "mlx_where",
        o -> ops_h.mlx_where(o, condition.struct(), x.struct(), y.struct(), Execution.stream()),
        condition,
        x,
        y);
  }

  public static ArrayHandle softmax(ArrayHandle a, int axis, boolean precise) {
    return NativeCall.array(
        "mlx_softmax_axis",
        o -> ops_h.mlx_softmax_axis(o, a.struct(), axis, precise, Execution.stream()),
        a);
  }

  public static ArrayHandle sort(ArrayHandle a, int axis) {
    return NativeCall.array(
        "mlx_sort_axis", o -> ops_h.mlx_sort_axis(o, a.struct(), axis, Execution.stream()), a);
  }

  public static ArrayHandle argsort(ArrayHandle a, int axis) {
    return NativeCall.array(
        "mlx_argsort_axis",
        o -> ops_h.mlx_argsort_axis(o, a.struct(), axis, Execution.stream()),
        a);
  }

  public static ArrayHandle argpartition(ArrayHandle a, int kth, int axis) {
    return NativeCall.array(
        "mlx_argpartition_axis",
        o -> ops_h.mlx_argpartition_axis(o, a.struct(), kth, axis, Execution.stream()),
        a);
  }

  public static ArrayHandle topk(ArrayHandle a, int k, int axis) {
    return NativeCall.array(
        "mlx_topk_axis", o -> ops_h.mlx_topk_axis(o, a.struct(), k, axis, Execution.stream()), a);
  }

  public static ArrayHandle cumsum(ArrayHandle a, int axis, boolean reverse, boolean inclusive) {
    MemorySegment sameDtype = Optionals.noDtype();
    return NativeCall.array(
        "mlx_cumsum_axis",
        o ->
            ops_h.mlx_cumsum_axis(
                o, a.struct(), axis, reverse, inclusive, sameDtype, Execution.stream()),
        a);
  }
}
