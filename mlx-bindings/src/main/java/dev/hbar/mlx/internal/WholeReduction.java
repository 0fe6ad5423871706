package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/**
 * Reductions over all elements: {@code int f(mlx_array* res, mlx_array a, bool keepdims, mlx_stream
 * s)}.
 */
public enum WholeReduction {
  ALL("mlx_all", ops_h::mlx_all),
  ANY("mlx_any", ops_h::mlx_any),
  ARGMAX("mlx_argmax", ops_h::mlx_argmax),
  ARGMIN("mlx_argmin", ops_h::mlx_argmin),
  COUNT_NONZERO("mlx_count_nonzero", ops_h::mlx_count_nonzero),
  LOGSUMEXP("mlx_logsumexp", ops_h::mlx_logsumexp),
  MAX("mlx_max", ops_h::mlx_max),
  MEAN("mlx_mean", ops_h::mlx_mean),
  MEDIAN("mlx_median", ops_h::mlx_median),
  MIN("mlx_min", ops_h::mlx_min),
  PROD("mlx_prod", ops_h::mlx_prod),
  SUM("mlx_sum", ops_h::mlx_sum);

  private final String function;
  private final Call call;

  @FunctionalInterface
  private interface Call {
    int invoke(MemorySegment out, MemorySegment a, boolean keepDims, MemorySegment stream);
  }

  WholeReduction(String function, Call call) {
    this.function = function;
    this.call = call;
  }

  /** The reduced array; a reduced axis stays with length 1 where {@code keepDims}. */
  public ArrayHandle of(ArrayHandle a, boolean keepDims) {
    return NativeCall.array(
        function, out -> call.invoke(out, a.struct(), keepDims, Execution.stream()), a);
  }
}
