package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;

/** Calls that make arrays. */
public final class CreateCalls {
  private CreateCalls() {}

  public static ArrayHandle ones(int[] shape, DType dtype) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_ones",
        o -> ops_h.mlx_ones(o, shapeInts, shape.length, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle onesLike(ArrayHandle a, DType dtype) {
    return NativeCall.array(
        "mlx_ones_like_dtype",
        o -> ops_h.mlx_ones_like_dtype(o, a.struct(), dtype.code(), Execution.stream()),
        a);
  }

  public static ArrayHandle zerosLike(ArrayHandle a, DType dtype) {
    return NativeCall.array(
        "mlx_zeros_like_dtype",
        o -> ops_h.mlx_zeros_like_dtype(o, a.struct(), dtype.code(), Execution.stream()),
        a);
  }

  public static ArrayHandle fullLike(ArrayHandle a, ArrayHandle vals, DType dtype) {
    return NativeCall.array(
        "mlx_full_like",
        o -> ops_h.mlx_full_like(o, a.struct(), vals.struct(), dtype.code(), Execution.stream()),
        a,
        vals);
  }

  public static ArrayHandle eye(int n, int m, int k, DType dtype) {
    return NativeCall.array(
        "mlx_eye", o -> ops_h.mlx_eye(o, n, m, k, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle identity(int n, DType dtype) {
    return NativeCall.array(
        "mlx_identity", o -> ops_h.mlx_identity(o, n, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle tri(int n, int m, int k, DType dtype) {
    return NativeCall.array(
        "mlx_tri", o -> ops_h.mlx_tri(o, n, m, k, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle linspace(double start, double stop, int count, DType dtype) {
    return NativeCall.array(
        "mlx_linspace",
        o -> ops_h.mlx_linspace(o, start, stop, count, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle linspace(
      double start, double stop, int count, boolean endpoint, DType dtype) {
    return NativeCall.array(
        "mlx_linspace_endpoint",
        o ->
            ops_h.mlx_linspace_endpoint(
                o, start, stop, count, endpoint, dtype.code(), Execution.stream()));
  }

  public static ArrayHandle bartlett(int size) {
    return NativeCall.array("mlx_bartlett", o -> ops_h.mlx_bartlett(o, size, Execution.stream()));
  }

  public static ArrayHandle blackman(int size) {
    return NativeCall.array("mlx_blackman", o -> ops_h.mlx_blackman(o, size, Execution.stream()));
  }

  public static ArrayHandle hamming(int size) {
    return NativeCall.array("mlx_hamming", o -> ops_h.mlx_hamming(o, size, Execution.stream()));
  }

  public static ArrayHandle hanning(int size) {
    return NativeCall.array("mlx_hanning", o -> ops_h.mlx_hanning(o, size, Execution.stream()));
  }
}
