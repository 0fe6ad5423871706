package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.ops_h;

/** Packing weights: the one call here whose result is a vector of arrays. */
public final class QuantizeCalls {
  private QuantizeCalls() {}

  /** Weight, scales and, in affine mode, biases. */
  public static ArrayHandle[] quantize(ArrayHandle w, int groupSize, int bits, String mode) {
    return NativeCall.arrays(
        "mlx_quantize",
        o ->
            ops_h.mlx_quantize(
                o,
                w.struct(),
                Optionals.of(groupSize),
                Optionals.of(bits),
                CStrings.constant(mode),
                Optionals.NO_ARRAY,
                Execution.stream()),
        w);
  }

  /** x times the transposed matrices of a stack that the indices name. */
  public static ArrayHandle gatherQmm(
      ArrayHandle x, QuantizedHandles w, ArrayHandle indices, boolean sorted) {
    return NativeCall.array(
        "mlx_gather_qmm",
        o ->
            ops_h.mlx_gather_qmm(
                o,
                x.struct(),
                w.weight().struct(),
                w.scales().struct(),
                w.biasesStruct(),
                Optionals.NO_ARRAY,
                indices.struct(),
                true,
                w.group(),
                w.width(),
                w.modeText(),
                sorted,
                Execution.stream()),
        x,
        w.weight(),
        w.scales(),
        indices);
  }

  public static ArrayHandle fromFp8(ArrayHandle x, DType dtype) {
    return NativeCall.array(
        "mlx_from_fp8",
        o -> ops_h.mlx_from_fp8(o, x.struct(), dtype.code(), Execution.stream()),
        x);
  }
}
