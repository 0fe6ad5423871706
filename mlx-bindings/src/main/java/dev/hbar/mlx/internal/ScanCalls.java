package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Running values and order. */
public final class ScanCalls {
  private ScanCalls() {}

  public static ArrayHandle cumsum(ArrayHandle a, int axis, boolean reverse, boolean inclusive) {
    MemorySegment sameDtype = Optionals.noDtype();
    return NativeCall.array(
        "mlx_cumsum_axis",
        o ->
            ops_h.mlx_cumsum_axis(
                o, a.struct(), axis, reverse, inclusive, sameDtype, Execution.stream()),
        a);
  }

  public static ArrayHandle cumsum(ArrayHandle a, boolean reverse, boolean inclusive) {
    MemorySegment sameDtype = Optionals.noDtype();
    return NativeCall.array(
        "mlx_cumsum",
        o -> ops_h.mlx_cumsum(o, a.struct(), reverse, inclusive, sameDtype, Execution.stream()),
        a);
  }

  public static ArrayHandle cumprod(ArrayHandle a, int axis, boolean reverse, boolean inclusive) {
    MemorySegment sameDtype = Optionals.noDtype();
    return NativeCall.array(
        "mlx_cumprod_axis",
        o ->
            ops_h.mlx_cumprod_axis(
                o, a.struct(), axis, reverse, inclusive, sameDtype, Execution.stream()),
        a);
  }

  public static ArrayHandle cumprod(ArrayHandle a, boolean reverse, boolean inclusive) {
    MemorySegment sameDtype = Optionals.noDtype();
    return NativeCall.array(
        "mlx_cumprod",
        o -> ops_h.mlx_cumprod(o, a.struct(), reverse, inclusive, sameDtype, Execution.stream()),
        a);
  }

  public static ArrayHandle cummax(ArrayHandle a, int axis, boolean reverse, boolean inclusive) {
    return NativeCall.array(
        "mlx_cummax_axis",
        o -> ops_h.mlx_cummax_axis(o, a.struct(), axis, reverse, inclusive, Execution.stream()),
        a);
  }

  public static ArrayHandle cummax(ArrayHandle a, boolean reverse, boolean inclusive) {
    return NativeCall.array(
        "mlx_cummax",
        o -> ops_h.mlx_cummax(o, a.struct(), reverse, inclusive, Execution.stream()),
        a);
  }

  public static ArrayHandle cummin(ArrayHandle a, int axis, boolean reverse, boolean inclusive) {
    return NativeCall.array(
        "mlx_cummin_axis",
        o -> ops_h.mlx_cummin_axis(o, a.struct(), axis, reverse, inclusive, Execution.stream()),
        a);
  }

  public static ArrayHandle cummin(ArrayHandle a, boolean reverse, boolean inclusive) {
    return NativeCall.array(
        "mlx_cummin",
        o -> ops_h.mlx_cummin(o, a.struct(), reverse, inclusive, Execution.stream()),
        a);
  }

  public static ArrayHandle logcumsumexp(
      ArrayHandle a, int axis, boolean reverse, boolean inclusive) {
    return NativeCall.array(
        "mlx_logcumsumexp_axis",
        o ->
            ops_h.mlx_logcumsumexp_axis(
                o, a.struct(), axis, reverse, inclusive, Execution.stream()),
        a);
  }

  public static ArrayHandle logcumsumexp(ArrayHandle a, boolean reverse, boolean inclusive) {
    return NativeCall.array(
        "mlx_logcumsumexp",
        o -> ops_h.mlx_logcumsumexp(o, a.struct(), reverse, inclusive, Execution.stream()),
        a);
  }

  public static ArrayHandle diff(ArrayHandle a, int n, int axis) {
    return NativeCall.array(
        "mlx_diff", o -> ops_h.mlx_diff(o, a.struct(), n, axis, Execution.stream()), a);
  }

  public static ArrayHandle partition(ArrayHandle a, int kth, int axis) {
    return NativeCall.array(
        "mlx_partition_axis",
        o -> ops_h.mlx_partition_axis(o, a.struct(), kth, axis, Execution.stream()),
        a);
  }

  public static ArrayHandle partition(ArrayHandle a, int kth) {
    return NativeCall.array(
        "mlx_partition", o -> ops_h.mlx_partition(o, a.struct(), kth, Execution.stream()), a);
  }

  public static ArrayHandle argpartition(ArrayHandle a, int kth) {
    return NativeCall.array(
        "mlx_argpartition", o -> ops_h.mlx_argpartition(o, a.struct(), kth, Execution.stream()), a);
  }

  public static ArrayHandle topk(ArrayHandle a, int k) {
    return NativeCall.array(
        "mlx_topk", o -> ops_h.mlx_topk(o, a.struct(), k, Execution.stream()), a);
  }

  public static ArrayHandle searchsorted(
      ArrayHandle sortedSequence, ArrayHandle values, boolean right) {
    return NativeCall.array(
        "mlx_searchsorted",
        o ->
            ops_h.mlx_searchsorted(
                o,
                sortedSequence.struct(),
                values.struct(),
                CStrings.constant(right ? "right" : "left"),
                Execution.stream()),
        sortedSequence,
        values);
  }
}
