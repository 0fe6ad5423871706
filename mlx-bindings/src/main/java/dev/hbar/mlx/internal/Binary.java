package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.fast_h;
import dev.hbar.mlx.gen.linalg_h;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/**
 * The functions of two arrays: {@code int f(mlx_array* res, mlx_array a, mlx_array b, mlx_stream
 * s)}.
 */
public enum Binary {
  ADD("mlx_add", ops_h::mlx_add),
  ARCTAN2("mlx_arctan2", ops_h::mlx_arctan2),
  BITWISE_AND("mlx_bitwise_and", ops_h::mlx_bitwise_and),
  BITWISE_OR("mlx_bitwise_or", ops_h::mlx_bitwise_or),
  BITWISE_XOR("mlx_bitwise_xor", ops_h::mlx_bitwise_xor),
  CROSS_ENTROPY("mlx_fast_cross_entropy", fast_h::mlx_fast_cross_entropy),
  DIVIDE("mlx_divide", ops_h::mlx_divide),
  EQUAL("mlx_equal", ops_h::mlx_equal),
  FLOOR_DIVIDE("mlx_floor_divide", ops_h::mlx_floor_divide),
  GREATER("mlx_greater", ops_h::mlx_greater),
  GREATER_EQUAL("mlx_greater_equal", ops_h::mlx_greater_equal),
  INNER("mlx_inner", ops_h::mlx_inner),
  KRON("mlx_kron", ops_h::mlx_kron),
  LEFT_SHIFT("mlx_left_shift", ops_h::mlx_left_shift),
  LESS("mlx_less", ops_h::mlx_less),
  LESS_EQUAL("mlx_less_equal", ops_h::mlx_less_equal),
  LOGADDEXP("mlx_logaddexp", ops_h::mlx_logaddexp),
  LOGICAL_AND("mlx_logical_and", ops_h::mlx_logical_and),
  LOGICAL_OR("mlx_logical_or", ops_h::mlx_logical_or),
  LOGICAL_XOR("mlx_logical_xor", ops_h::mlx_logical_xor),
  MATMUL("mlx_matmul", ops_h::mlx_matmul),
  MAXIMUM("mlx_maximum", ops_h::mlx_maximum),
  MINIMUM("mlx_minimum", ops_h::mlx_minimum),
  MULTIPLY("mlx_multiply", ops_h::mlx_multiply),
  NOT_EQUAL("mlx_not_equal", ops_h::mlx_not_equal),
  OUTER("mlx_outer", ops_h::mlx_outer),
  POWER("mlx_power", ops_h::mlx_power),
  REMAINDER("mlx_remainder", ops_h::mlx_remainder),
  RIGHT_SHIFT("mlx_right_shift", ops_h::mlx_right_shift),
  SOLVE("mlx_linalg_solve", linalg_h::mlx_linalg_solve),
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
    MemorySegment x = a.struct();
    MemorySegment y = b.struct();
    MemorySegment out = Slots.take();
    return NativeCall.made(function, out, call.invoke(out, x, y, Execution.stream()), a, b);
  }
}
