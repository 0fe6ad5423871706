package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.array_h;

/** Arrays of one Java value, without a shape. */
public final class ScalarCalls {
  private ScalarCalls() {}

  public static ArrayHandle of(boolean value) {
    return NativeCall.made("mlx_array_new_bool", out -> array_h.mlx_array_new_bool(out, value));
  }

  public static ArrayHandle of(int value) {
    return NativeCall.made("mlx_array_new_int", out -> array_h.mlx_array_new_int(out, value));
  }

  public static ArrayHandle of(float value) {
    return NativeCall.made(
        "mlx_array_new_float32", out -> array_h.mlx_array_new_float32(out, value));
  }

  public static ArrayHandle of(double value) {
    return NativeCall.made(
        "mlx_array_new_float64", out -> array_h.mlx_array_new_float64(out, value));
  }

  public static ArrayHandle of(float real, float imaginary) {
    return NativeCall.made(
        "mlx_array_new_complex", out -> array_h.mlx_array_new_complex(out, real, imaginary));
  }
}
