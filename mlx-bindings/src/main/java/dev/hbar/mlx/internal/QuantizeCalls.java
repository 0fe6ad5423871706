package dev.hbar.mlx.internal;

import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.gen.ops_h;
import dev.hbar.mlx.gen.vector_h;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/** Packing weights: the one call here whose result is a vector of arrays. */
public final class QuantizeCalls {
  private QuantizeCalls() {}

  /** Weight, scales and, in affine mode, biases. */
  public static ArrayHandle[] quantize(ArrayHandle w, int groupSize, int bits, String mode) {
    MemorySegment vector = Slots.take();
    try {
      NativeCall.check(
          "mlx_quantize",
          ops_h.mlx_quantize(
              vector,
              w.struct(),
              Optionals.of(groupSize),
              Optionals.of(bits),
              CStrings.constant(mode),
              Optionals.NO_ARRAY,
              Execution.stream()),
          w);
      return elements(vector);
    } finally {
      Execution.free(vector);
    }
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
                Optionals.of(w.groupSize()),
                Optionals.of(w.bits()),
                CStrings.constant(w.mode()),
                sorted,
                Execution.stream()),
        x,
        w.weight(),
        w.scales(),
        indices);
  }

  /** Each element is a new reference with an owner of its own. */
  private static ArrayHandle[] elements(MemorySegment vector) {
    ArrayHandle[] arrays = new ArrayHandle[Math.toIntExact(vector_h.mlx_vector_array_size(vector))];
    try {
      for (int i = 0; i < arrays.length; i++) {
        long index = i;
        arrays[i] =
            NativeCall.array(
                "mlx_vector_array_get", out -> vector_h.mlx_vector_array_get(out, vector, index));
      }
      return arrays;
    } catch (MlxException failed) {
      Arrays.stream(arrays).filter(Objects::nonNull).forEach(ArrayHandle::close);
      throw failed;
    }
  }
}
