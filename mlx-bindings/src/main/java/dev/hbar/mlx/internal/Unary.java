package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** The functions of one array: {@code int f(mlx_array* res, mlx_array a, mlx_stream s)}. */
public enum Unary {
  ABS("mlx_abs", ops_h::mlx_abs),
  ARCCOS("mlx_arccos", ops_h::mlx_arccos),
  CEIL("mlx_ceil", ops_h::mlx_ceil),
  COPY("mlx_copy", ops_h::mlx_copy),
  COS("mlx_cos", ops_h::mlx_cos),
  ERF("mlx_erf", ops_h::mlx_erf),
  EXP("mlx_exp", ops_h::mlx_exp),
  EXPM1("mlx_expm1", ops_h::mlx_expm1),
  FLOOR("mlx_floor", ops_h::mlx_floor),
  ISFINITE("mlx_isfinite", ops_h::mlx_isfinite),
  ISNAN("mlx_isnan", ops_h::mlx_isnan),
  LOG("mlx_log", ops_h::mlx_log),
  LOG1P("mlx_log1p", ops_h::mlx_log1p),
  LOGICAL_NOT("mlx_logical_not", ops_h::mlx_logical_not),
  NEGATIVE("mlx_negative", ops_h::mlx_negative),
  RECIPROCAL("mlx_reciprocal", ops_h::mlx_reciprocal),
  RSQRT("mlx_rsqrt", ops_h::mlx_rsqrt),
  SIGMOID("mlx_sigmoid", ops_h::mlx_sigmoid),
  SIGN("mlx_sign", ops_h::mlx_sign),
  SIN("mlx_sin", ops_h::mlx_sin),
  SQRT("mlx_sqrt", ops_h::mlx_sqrt),
  SQUARE("mlx_square", ops_h::mlx_square),
  STOP_GRADIENT("mlx_stop_gradient", ops_h::mlx_stop_gradient),
  TANH("mlx_tanh", ops_h::mlx_tanh),
  TRANSPOSE("mlx_transpose", ops_h::mlx_transpose);

  private final String function;
  private final Call call;

  @FunctionalInterface
  private interface Call {
    int invoke(MemorySegment out, MemorySegment a, MemorySegment stream);
  }

  Unary(String function, Call call) {
    this.function = function;
    this.call = call;
  }

  public ArrayHandle of(ArrayHandle a) {
    return NativeCall.array(function, out -> call.invoke(out, a.struct(), Execution.stream()), a);
  }
}
