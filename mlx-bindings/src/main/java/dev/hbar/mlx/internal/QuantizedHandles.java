package dev.hbar.mlx.internal;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A packed weight with what unpacks it, as the quantized calls take it. */
public record QuantizedHandles(
    ArrayHandle weight,
    ArrayHandle scales,
    Optional<ArrayHandle> biases,
    int groupSize,
    int bits,
    String mode) {
  MemorySegment biasesStruct() {
    return biases.map(ArrayHandle::struct).orElse(Optionals.NO_ARRAY);
  }
}
