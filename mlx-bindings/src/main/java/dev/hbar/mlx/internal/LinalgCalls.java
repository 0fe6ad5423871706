package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.linalg_h;
import java.lang.foreign.MemorySegment;

/** Factors, solutions and norms. */
public final class LinalgCalls {
  private LinalgCalls() {}

  public static ArrayHandle cholesky(ArrayHandle a, boolean upper) {
    return NativeCall.array(
        "mlx_linalg_cholesky",
        o -> linalg_h.mlx_linalg_cholesky(o, a.struct(), upper, Execution.stream()),
        a);
  }

  public static ArrayHandle choleskyInv(ArrayHandle a, boolean upper) {
    return NativeCall.array(
        "mlx_linalg_cholesky_inv",
        o -> linalg_h.mlx_linalg_cholesky_inv(o, a.struct(), upper, Execution.stream()),
        a);
  }

  public static ArrayHandle cross(ArrayHandle a, ArrayHandle b, int axis) {
    return NativeCall.array(
        "mlx_linalg_cross",
        o -> linalg_h.mlx_linalg_cross(o, a.struct(), b.struct(), axis, Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle[] slogdet(ArrayHandle a) {
    return NativeCall.pair(
        "mlx_linalg_slogdet",
        (first, second) ->
            linalg_h.mlx_linalg_slogdet(first, second, a.struct(), Execution.stream()),
        a);
  }

  public static ArrayHandle[] eig(ArrayHandle a) {
    return NativeCall.pair(
        "mlx_linalg_eig",
        (first, second) -> linalg_h.mlx_linalg_eig(first, second, a.struct(), Execution.stream()),
        a);
  }

  public static ArrayHandle[] eigh(ArrayHandle a, boolean upper) {
    return NativeCall.pair(
        "mlx_linalg_eigh",
        (first, second) ->
            linalg_h.mlx_linalg_eigh(
                first,
                second,
                a.struct(),
                CStrings.constant(upper ? "U" : "L"),
                Execution.stream()),
        a);
  }

  public static ArrayHandle eigvalsh(ArrayHandle a, boolean upper) {
    return NativeCall.array(
        "mlx_linalg_eigvalsh",
        o ->
            linalg_h.mlx_linalg_eigvalsh(
                o, a.struct(), CStrings.constant(upper ? "U" : "L"), Execution.stream()),
        a);
  }

  public static ArrayHandle triInv(ArrayHandle a, boolean upper) {
    return NativeCall.array(
        "mlx_linalg_tri_inv",
        o -> linalg_h.mlx_linalg_tri_inv(o, a.struct(), upper, Execution.stream()),
        a);
  }

  public static ArrayHandle[] lu(ArrayHandle a) {
    return NativeCall.arrays(
        "mlx_linalg_lu", o -> linalg_h.mlx_linalg_lu(o, a.struct(), Execution.stream()), a);
  }

  public static ArrayHandle[] luFactor(ArrayHandle a) {
    return NativeCall.pair(
        "mlx_linalg_lu_factor",
        (first, second) ->
            linalg_h.mlx_linalg_lu_factor(first, second, a.struct(), Execution.stream()),
        a);
  }

  public static ArrayHandle[] qr(ArrayHandle a) {
    return NativeCall.pair(
        "mlx_linalg_qr",
        (first, second) -> linalg_h.mlx_linalg_qr(first, second, a.struct(), Execution.stream()),
        a);
  }

  public static ArrayHandle[] svd(ArrayHandle a, boolean computeUv) {
    return NativeCall.arrays(
        "mlx_linalg_svd",
        o -> linalg_h.mlx_linalg_svd(o, a.struct(), computeUv, Execution.stream()),
        a);
  }

  public static ArrayHandle norm(ArrayHandle a, double order, int[] axis, boolean keepDims) {
    MemorySegment axisInts = Scratch.ints(axis);
    return NativeCall.array(
        "mlx_linalg_norm",
        o ->
            linalg_h.mlx_linalg_norm(
                o, a.struct(), order, axisInts, axis.length, keepDims, Execution.stream()),
        a);
  }

  public static ArrayHandle norm(ArrayHandle a, String order, int[] axis, boolean keepDims) {
    MemorySegment axisInts = Scratch.ints(axis);
    return NativeCall.array(
        "mlx_linalg_norm_matrix",
        o ->
            linalg_h.mlx_linalg_norm_matrix(
                o,
                a.struct(),
                CStrings.constant(order),
                axisInts,
                axis.length,
                keepDims,
                Execution.stream()),
        a);
  }

  public static ArrayHandle normL2(ArrayHandle a, int[] axis, boolean keepDims) {
    MemorySegment axisInts = Scratch.ints(axis);
    return NativeCall.array(
        "mlx_linalg_norm_l2",
        o ->
            linalg_h.mlx_linalg_norm_l2(
                o, a.struct(), axisInts, axis.length, keepDims, Execution.stream()),
        a);
  }

  public static ArrayHandle solveTriangular(ArrayHandle a, ArrayHandle b, boolean upper) {
    return NativeCall.array(
        "mlx_linalg_solve_triangular",
        o ->
            linalg_h.mlx_linalg_solve_triangular(
                o, a.struct(), b.struct(), upper, Execution.stream()),
        a,
        b);
  }
}
