package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.util.Optional;

/** Elementwise calls with more than arrays for arguments. */
public final class MathCalls {
  private MathCalls() {}

  public static ArrayHandle round(ArrayHandle a, int decimals) {
    return NativeCall.array(
        "mlx_round", o -> ops_h.mlx_round(o, a.struct(), decimals, Execution.stream()), a);
  }

  public static ArrayHandle clip(
      ArrayHandle a, Optional<ArrayHandle> aMin, Optional<ArrayHandle> aMax) {
    return NativeCall.array(
        "mlx_clip",
        o ->
            ops_h.mlx_clip(
                o, a.struct(), Optionals.of(aMin), Optionals.of(aMax), Execution.stream()),
        a);
  }

  public static ArrayHandle nanToNum(
      ArrayHandle a, float nan, Optional<Float> positive, Optional<Float> negative) {
    return NativeCall.array(
        "mlx_nan_to_num",
        o ->
            ops_h.mlx_nan_to_num(
                o,
                a.struct(),
                nan,
                Optionals.ofFloat(positive),
                Optionals.ofFloat(negative),
                Execution.stream()),
        a);
  }

  public static ArrayHandle[] divmod(ArrayHandle a, ArrayHandle b) {
    return NativeCall.arrays(
        "mlx_divmod", o -> ops_h.mlx_divmod(o, a.struct(), b.struct(), Execution.stream()), a, b);
  }
}
