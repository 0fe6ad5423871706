package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/**
 * The functions of two arrays: {@code int f(mlx_array* res, mlx_array a, mlx_array b, mlx_stream
 * s)}.
 */
public enum Binary {
  ADD("mlx_add", ops_h::mlx_add),
  DIVIDE("mlx_divide", ops_h::mlx_divide),
  EQUAL("mlx_equal", ops_h::mlx_equal),
  FLOOR_DIVIDE("mlx_floor_divide", ops_h::mlx_floor_divide),
  GREATER("mlx_greater", ops_h::mlx_greater),
  GREATER_EQUAL("mlx_greater_equal", ops_h::mlx_greater_equal),
  LESS("mlx_less", ops_h::mlx_less),
  LESS_EQUAL("mlx_less_equal", ops_h::mlx_less_equal),
  LOGADDEXP("mlx_logaddexp", ops_h::mlx_logaddexp),
  LOGICAL_AND("mlx_logical_and", ops_h::mlx_logical_and),
  LOGICAL_OR("mlx_logical_or", ops_h::mlx_logical_or),
  MATMUL("mlx_matmul", ops_h::mlx_matmul),
  MAXIMUM("mlx_maximum", ops_h::mlx_maximum),
  MINIMUM("mlx_minimum", ops_h::mlx_minimum),
  MULTIPLY("mlx_multiply", ops_h::mlx_multiply),
  NOT_EQUAL("mlx_not_equal", ops_h::mlx_not_equal),
  POWER("mlx_power", ops_h::mlx_power),
  REMAINDER("mlx_remainder", ops_h::mlx_remainder),
  SUBTRACT("mlx_subtract", ops_h::mlx_subtract);

  private final String function;
  private final Call call;

  @FunctionalInterface
  private interface Call {
    int invoke(MemorySegment out, MemorySegment a, MemorySegment b, MemorySegment stream);
  }

  Binary(String function, Call call) {
    this.function = function;
    this.call = call;
  }

  public ArrayHandle of(ArrayHandle a, ArrayHandle b) {
    return NativeCall.array(
        function, out -> call.invoke(out, a.struct(), b.struct(), Execution.stream()), a, b);
  }
}
