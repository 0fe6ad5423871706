package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/**
 * Reductions over several axes: {@code int f(mlx_array* res, mlx_array a, const int* axes, size_t
 * axes_num, bool keepdims, mlx_stream s)}.
 */
public enum AxesReduction {
  ALL("mlx_all_axes", ops_h::mlx_all_axes),
  ANY("mlx_any_axes", ops_h::mlx_any_axes),
  COUNT_NONZERO("mlx_count_nonzero_axes", ops_h::mlx_count_nonzero_axes),
  LOGSUMEXP("mlx_logsumexp_axes", ops_h::mlx_logsumexp_axes),
  MAX("mlx_max_axes", ops_h::mlx_max_axes),
  MEAN("mlx_mean_axes", ops_h::mlx_mean_axes),
  MEDIAN("mlx_median_axes", ops_h::mlx_median_axes),
  MIN("mlx_min_axes", ops_h::mlx_min_axes),
  PROD("mlx_prod_axes", ops_h::mlx_prod_axes),
  SUM("mlx_sum_axes", ops_h::mlx_sum_axes);

  private final String function;
  private final Call call;

  @FunctionalInterface
  private interface Call {
    int invoke(
        MemorySegment out,
        MemorySegment a,
        MemorySegment axes,
        long count,
        boolean keepDims,
        MemorySegment stream);
  }

  AxesReduction(String function, Call call) {
    this.function = function;
    this.call = call;
  }

  /** The reduced array; a reduced axis stays with length 1 where {@code keepDims}. */
  public ArrayHandle of(ArrayHandle a, boolean keepDims, int... axes) {
    MemorySegment numbers = Scratch.ints(axes);
    return NativeCall.array(
        function,
        out -> call.invoke(out, a.struct(), numbers, axes.length, keepDims, Execution.stream()),
        a);
  }
}
