package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.linalg_h;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** The functions of one array: {@code int f(mlx_array* res, mlx_array a, mlx_stream s)}. */
public enum Unary {
  ABS("mlx_abs", ops_h::mlx_abs),
  ARCCOS("mlx_arccos", ops_h::mlx_arccos),
  ARCCOSH("mlx_arccosh", ops_h::mlx_arccosh),
  ARCSIN("mlx_arcsin", ops_h::mlx_arcsin),
  ARCSINH("mlx_arcsinh", ops_h::mlx_arcsinh),
  ARCTAN("mlx_arctan", ops_h::mlx_arctan),
  ARCTANH("mlx_arctanh", ops_h::mlx_arctanh),
  ARGSORT("mlx_argsort", ops_h::mlx_argsort),
  ATLEAST_1D("mlx_atleast_1d", ops_h::mlx_atleast_1d),
  ATLEAST_2D("mlx_atleast_2d", ops_h::mlx_atleast_2d),
  ATLEAST_3D("mlx_atleast_3d", ops_h::mlx_atleast_3d),
  BITWISE_INVERT("mlx_bitwise_invert", ops_h::mlx_bitwise_invert),
  CEIL("mlx_ceil", ops_h::mlx_ceil),
  CONJUGATE("mlx_conjugate", ops_h::mlx_conjugate),
  COPY("mlx_copy", ops_h::mlx_copy),
  COS("mlx_cos", ops_h::mlx_cos),
  COSH("mlx_cosh", ops_h::mlx_cosh),
  DEGREES("mlx_degrees", ops_h::mlx_degrees),
  DET("mlx_linalg_det", linalg_h::mlx_linalg_det),
  EIGVALS("mlx_linalg_eigvals", linalg_h::mlx_linalg_eigvals),
  ERF("mlx_erf", ops_h::mlx_erf),
  ERFINV("mlx_erfinv", ops_h::mlx_erfinv),
  EXP("mlx_exp", ops_h::mlx_exp),
  EXPM1("mlx_expm1", ops_h::mlx_expm1),
  FLIP("mlx_flip", ops_h::mlx_flip),
  FLOOR("mlx_floor", ops_h::mlx_floor),
  IMAG("mlx_imag", ops_h::mlx_imag),
  INV("mlx_linalg_inv", linalg_h::mlx_linalg_inv),
  ISFINITE("mlx_isfinite", ops_h::mlx_isfinite),
  ISINF("mlx_isinf", ops_h::mlx_isinf),
  ISNAN("mlx_isnan", ops_h::mlx_isnan),
  ISNEGINF("mlx_isneginf", ops_h::mlx_isneginf),
  ISPOSINF("mlx_isposinf", ops_h::mlx_isposinf),
  LOG("mlx_log", ops_h::mlx_log),
  LOG10("mlx_log10", ops_h::mlx_log10),
  LOG1P("mlx_log1p", ops_h::mlx_log1p),
  LOG2("mlx_log2", ops_h::mlx_log2),
  LOGICAL_NOT("mlx_logical_not", ops_h::mlx_logical_not),
  NEGATIVE("mlx_negative", ops_h::mlx_negative),
  ONES_LIKE("mlx_ones_like", ops_h::mlx_ones_like),
  PINV("mlx_linalg_pinv", linalg_h::mlx_linalg_pinv),
  POSITIVE("mlx_positive", ops_h::mlx_positive),
  RADIANS("mlx_radians", ops_h::mlx_radians),
  REAL("mlx_real", ops_h::mlx_real),
  RECIPROCAL("mlx_reciprocal", ops_h::mlx_reciprocal),
  RSQRT("mlx_rsqrt", ops_h::mlx_rsqrt),
  SIGMOID("mlx_sigmoid", ops_h::mlx_sigmoid),
  SIGN("mlx_sign", ops_h::mlx_sign),
  SIN("mlx_sin", ops_h::mlx_sin),
  SINH("mlx_sinh", ops_h::mlx_sinh),
  SORT("mlx_sort", ops_h::mlx_sort),
  SQRT("mlx_sqrt", ops_h::mlx_sqrt),
  SQUARE("mlx_square", ops_h::mlx_square),
  SQUEEZE("mlx_squeeze", ops_h::mlx_squeeze),
  STOP_GRADIENT("mlx_stop_gradient", ops_h::mlx_stop_gradient),
  TAN("mlx_tan", ops_h::mlx_tan),
  TANH("mlx_tanh", ops_h::mlx_tanh),
  TO_FP8("mlx_to_fp8", ops_h::mlx_to_fp8),
  TRACE("mlx_trace", ops_h::mlx_trace),
  TRANSPOSE("mlx_transpose", ops_h::mlx_transpose),
  TRUNC("mlx_trunc", ops_h::mlx_trunc),
  ZEROS_LIKE("mlx_zeros_like", ops_h::mlx_zeros_like);

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
    MemorySegment x = a.struct();
    MemorySegment out = Slots.take();
    return NativeCall.made(function, out, call.invoke(out, x, Execution.stream()), a);
  }
}
