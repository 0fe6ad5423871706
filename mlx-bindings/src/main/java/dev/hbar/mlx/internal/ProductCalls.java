package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Products of matrices and tensors. */
public final class ProductCalls {
  private ProductCalls() {}

  public static ArrayHandle addmm(
      ArrayHandle c, ArrayHandle a, ArrayHandle b, float alpha, float beta) {
    return NativeCall.array(
        "mlx_addmm",
        o ->
            ops_h.mlx_addmm(o, c.struct(), a.struct(), b.struct(), alpha, beta, Execution.stream()),
        c,
        a,
        b);
  }

  public static ArrayHandle vecdot(ArrayHandle a, ArrayHandle b, int axis) {
    return NativeCall.array(
        "mlx_vecdot",
        o -> ops_h.mlx_vecdot(o, a.struct(), b.struct(), axis, Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle tensordot(ArrayHandle a, ArrayHandle b, int[] axesA, int... axesB) {
    MemorySegment axesAInts = Scratch.ints(axesA);
    MemorySegment axesBInts = Scratch.ints(axesB);
    return NativeCall.array(
        "mlx_tensordot",
        o ->
            ops_h.mlx_tensordot(
                o,
                a.struct(),
                b.struct(),
                axesAInts,
                axesA.length,
                axesBInts,
                axesB.length,
                Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle tensordot(ArrayHandle a, ArrayHandle b, int axis) {
    return NativeCall.array(
        "mlx_tensordot_axis",
        o -> ops_h.mlx_tensordot_axis(o, a.struct(), b.struct(), axis, Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle einsum(String subscripts, ArrayHandle... operands) {
    return ArrayVector.with(
        vector ->
            NativeCall.array(
                "mlx_einsum",
                o -> ops_h.mlx_einsum(o, CStrings.constant(subscripts), vector, Execution.stream()),
                operands),
        operands);
  }

  public static ArrayHandle gatherMm(
      ArrayHandle a,
      ArrayHandle b,
      Optional<ArrayHandle> lhsIndices,
      Optional<ArrayHandle> rhsIndices,
      boolean sortedIndices) {
    return NativeCall.array(
        "mlx_gather_mm",
        o ->
            ops_h.mlx_gather_mm(
                o,
                a.struct(),
                b.struct(),
                Optionals.of(lhsIndices),
                Optionals.of(rhsIndices),
                sortedIndices,
                Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle segmentedMm(ArrayHandle a, ArrayHandle b, ArrayHandle segments) {
    return NativeCall.array(
        "mlx_segmented_mm",
        o ->
            ops_h.mlx_segmented_mm(
                o, a.struct(), b.struct(), segments.struct(), Execution.stream()),
        a,
        b,
        segments);
  }

  public static ArrayHandle blockMaskedMm(
      ArrayHandle a,
      ArrayHandle b,
      int blockSize,
      Optional<ArrayHandle> maskOut,
      Optional<ArrayHandle> maskLhs,
      Optional<ArrayHandle> maskRhs) {
    return NativeCall.array(
        "mlx_block_masked_mm",
        o ->
            ops_h.mlx_block_masked_mm(
                o,
                a.struct(),
                b.struct(),
                blockSize,
                Optionals.of(maskOut),
                Optionals.of(maskLhs),
                Optionals.of(maskRhs),
                Execution.stream()),
        a,
        b);
  }

  public static ArrayHandle hadamard(ArrayHandle a, Optional<Float> scale) {
    return NativeCall.array(
        "mlx_hadamard_transform",
        o ->
            ops_h.mlx_hadamard_transform(
                o, a.struct(), Optionals.ofFloat(scale), Execution.stream()),
        a);
  }
}
