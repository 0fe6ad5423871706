package dev.hbar.mlx.internal;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A packed weight with what unpacks it, as the quantized calls take it: prepared once, used at
 * every step.
 */
public final class QuantizedHandles {
  private final ArrayHandle weight;
  private final ArrayHandle scales;
  private final Optional<ArrayHandle> biases;
  private final MemorySegment group;
  private final MemorySegment width;
  private final MemorySegment modeText;

  public QuantizedHandles(
      ArrayHandle weight,
      ArrayHandle scales,
      Optional<ArrayHandle> biases,
      int groupSize,
      int bits,
      String mode) {
    this.weight = weight;
    this.scales = scales;
    this.biases = biases;
    this.group = Optionals.of(groupSize);
    this.width = Optionals.of(bits);
    this.modeText = CStrings.constant(mode);
  }

  ArrayHandle weight() {
    return weight;
  }

  ArrayHandle scales() {
    return scales;
  }

  MemorySegment biasesStruct() {
    return biases.isPresent() ? biases.get().struct() : Optionals.NO_ARRAY;
  }

  /** The group size, as mlx-c's optional int. */
  MemorySegment group() {
    return group;
  }

  /** The bits, as mlx-c's optional int. */
  MemorySegment width() {
    return width;
  }

  MemorySegment modeText() {
    return modeText;
  }
}
