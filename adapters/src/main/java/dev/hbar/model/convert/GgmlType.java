package dev.hbar.model.convert;

import java.util.Map;
import java.util.Optional;

/**
 * How the elements of a GGUF tensor are stored; blocks of quantized types hold 32 or 256 elements
 * of one row.
 */
enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  /** {@code d: f16, qs: 16 bytes}; element = d * (q - 8). */
  Q4_0(2, 32, 18),
  /** {@code d: f16, m: f16, qs: 16 bytes}; element = d * q + m. */
  Q4_1(3, 32, 20),
  /** {@code d: f16, qh: 4 bytes, qs: 16 bytes}; element = d * (q - 16). */
  Q5_0(6, 32, 22),
  /** {@code d: f16, m: f16, qh: 4 bytes, qs: 16 bytes}; element = d * q + m. */
  Q5_1(7, 32, 24),
  /** {@code d: f16, qs: 32 signed bytes}; element = d * q. */
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  IQ4_NL(20, 32, 18),
  IQ4_XS(23, 256, 136),
  BF16(30, 1, 2);

  /** Types that exist but have no exact counterpart here, by their number in the format. */
  private static final Map<Integer, String> FOREIGN =
      Map.ofEntries(
          Map.entry(9, "Q8_1"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
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

  /** Whether MLX's affine packing in groups of 32 holds the values; others become float32. */
  boolean isPacked() {
    return switch (this) {
      case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K -> true;
      default -> false;
    };
  }

  /** Bits an element of a packed type becomes in MLX's affine packing. */
  int bits() {
    return switch (this) {
      case Q8_0 -> 8;
      case Q5_0, Q5_1, Q5_K -> 5;
      default -> 4;
    };
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
