package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;

/** Comparisons with tolerances. */
public final class LogicCalls {
  private LogicCalls() {}

  public static ArrayHandle isClose(
      ArrayHandle a, ArrayHandle b, double rtol, double atol, boolean equalNan) {
    return NativeCall.array(
        "mlx_isclose",
        o -> ops_h.mlx_isclose(o, a.struct(), b.struct(), rtol, atol, equalNan, Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle allClose(
      ArrayHandle a, ArrayHandle b, double rtol, double atol, boolean equalNan) {
    return NativeCall.array(
        "mlx_allclose",
        o ->
            ops_h.mlx_allclose(o, a.struct(), b.struct(), rtol, atol, equalNan, Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle arrayEqual(ArrayHandle a, ArrayHandle b, boolean equalNan) {
    return NativeCall.array(
        "mlx_array_equal",
        o -> ops_h.mlx_array_equal(o, a.struct(), b.struct(), equalNan, Execution.stream()),
        a,
        b);
  }
}
