package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/**
 * Reductions over one axis: {@code int f(mlx_array* res, mlx_array a, int axis, bool keepdims,
 * mlx_stream s)}.
 */
public enum Reduction {
  ALL("mlx_all_axis", ops_h::mlx_all_axis),
  ANY("mlx_any_axis", ops_h::mlx_any_axis),
  ARGMAX("mlx_argmax_axis", ops_h::mlx_argmax_axis),
  ARGMIN("mlx_argmin_axis", ops_h::mlx_argmin_axis),
  COUNT_NONZERO("mlx_count_nonzero_axis", ops_h::mlx_count_nonzero_axis),
  LOGSUMEXP("mlx_logsumexp_axis", ops_h::mlx_logsumexp_axis),
  MAX("mlx_max_axis", ops_h::mlx_max_axis),
  MEAN("mlx_mean_axis", ops_h::mlx_mean_axis),
  MEDIAN("mlx_median_axis", ops_h::mlx_median_axis),
  MIN("mlx_min_axis", ops_h::mlx_min_axis),
  PROD("mlx_prod_axis", ops_h::mlx_prod_axis),
  SUM("mlx_sum_axis", ops_h::mlx_sum_axis);

  private final String function;
  private final Call call;

  @FunctionalInterface
  private interface Call {
    int invoke(
        MemorySegment out, MemorySegment a, int axis, boolean keepDims, MemorySegment stream);
  }

  Reduction(String function, Call call) {
    this.function = function;
    this.call = call;
  }

  public ArrayHandle of(ArrayHandle a, int axis, boolean keepDims) {
    return NativeCall.array(
        function, out -> call.invoke(out, a.struct(), axis, keepDims, Execution.stream()), a);
  }
}
