package dev.hbar.model.convert;

import java.util.Map;
import java.util.Optional;

/**
 * How the elements of a GGUF tensor are stored; blocks of quantized types hold 32 elements of one
 * row.
 */
enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  /** {@code d: f16, qs: 16 bytes}; element = d * (q - 8). */
  Q4_0(2, 32, 18),
  /** {@code d: f16, m: f16, qs: 16 bytes}; element = d * q + m. */
  Q4_1(3, 32, 20),
  /** {@code d: f16, qs: 32 signed bytes}; element = d * q. */
  Q8_0(8, 32, 34),
  BF16(30, 1, 2);

  /** Types that exist but have no exact counterpart here, by their number in the format. */
  private static final Map<Integer, String> FOREIGN =
      Map.ofEntries(
          Map.entry(6, "Q5_0"),
          Map.entry(7, "Q5_1"),
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(12, "Q4_K"),
          Map.entry(13, "Q5_K"),
          Map.entry(14, "Q6_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"));

  private final int number;
  private final int blockElements;
  private final int blockBytes;

  GgmlType(int number, int blockElements, int blockBytes) {
    this.number = number;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** The type of a number in the format, if it can be converted. */
  static Optional<GgmlType> of(int number) {
    for (GgmlType type : values()) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** What to call a number in an error message. */
  static String nameOf(int number) {
    return of(number).map(Enum::name).orElse(FOREIGN.getOrDefault(number, "number " + number));
  }

  boolean isQuantized() {
    return blockElements > 1;
  }

  /** Bits an element of a quantized type becomes in MLX's affine packing. */
  int bits() {
    return this == Q8_0 ? 8 : 4;
  }

  int blockElements() {
    return blockElements;
  }

  int blockBytes() {
    return blockBytes;
  }

  /** Bytes of one row; the reader has checked that rows are whole blocks. */
  int rowBytes(int columns) {
    return Math.multiplyExact(columns / blockElements, blockBytes);
  }
}
