package dev.hbar.model.convert;

import java.nio.ByteBuffer;

/**
 * GGUF's blocks in MLX's affine form {@code scale * q + bias}, group 32, exact in value: Q4_0 gets
 * bias -8d and Q8_0, whose bytes become unsigned by adding 128, bias -128d. Packed elements lie in
 * 32-bit words, the first in the lowest bits.
 */
final class QuantizedRows {

  private static final int ELEMENTS = 32;

  private QuantizedRows() {}

  /** A scale whose bias float16 cannot hold, or that is not finite. */
  static final class InexactScaleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InexactScaleException(float scale) {
      super("a scale of %s has no exact float16 bias".formatted(scale));
    }
  }

  /** The packed elements. */
  static RowCodec weight(GgmlType type) {
    int head = type == GgmlType.Q4_1 ? 4 : 2;
    return (row, out) -> {
      while (row.hasRemaining()) {
        row.position(row.position() + head);
        if (type == GgmlType.Q8_0) {
          packBytes(row, out);
        } else {
          packNibbles(row, out);
        }
      }
    };
  }

  /** One float16 scale for each block. */
  static RowCodec scales(GgmlType type) {
    return (row, out) -> {
      while (row.hasRemaining()) {
        int start = row.position();
        out.putShort(row.getShort(start));
        row.position(start + type.blockBytes());
      }
    };
  }

  /**
   * One float16 bias for each block.
   *
   * <p>The codec throws {@link InexactScaleException} when the bias cannot be exact.
   */
  static RowCodec biases(GgmlType type) {
    return (row, out) -> {
      while (row.hasRemaining()) {
        int start = row.position();
        out.putShort(bias(type, row.getShort(start), row.getShort(start + 2)));
        row.position(start + type.blockBytes());
      }
    };
  }

  private static short bias(GgmlType type, short scale, short minimum) {
    float d = Float.float16ToFloat(scale);
    if (!Float.isFinite(d)
        || type == GgmlType.Q4_1 && !Float.isFinite(Float.float16ToFloat(minimum))) {
      throw new InexactScaleException(d);
    }
    if (type == GgmlType.Q4_1) {
      return minimum;
    }
    float exact = (type == GgmlType.Q4_0 ? -8 : -128) * d;
    short bias = Float.floatToFloat16(exact);
    if (Float.float16ToFloat(bias) != exact) {
      throw new InexactScaleException(d);
    }
    return bias;
  }

  private static void packBytes(ByteBuffer row, ByteBuffer out) {
    for (int i = 0; i < ELEMENTS; i++) {
      out.put((byte) (row.get() ^ 0x80));
    }
  }

  /** Byte i of a block holds element i in its low half and element i + 16 in its high half. */
  private static void packNibbles(ByteBuffer row, ByteBuffer out) {
    long low = row.getLong();
    long high = row.getLong();
    out.putInt(evenNibbles(low)).putInt(evenNibbles(high));
    out.putInt(evenNibbles(low >>> 4)).putInt(evenNibbles(high >>> 4));
  }

  /** Gathers the low halves of eight bytes into one word. */
  private static int evenNibbles(long bytes) {
    long x = bytes & 0x0F0F0F0F0F0F0F0FL;
    x = (x | x >>> 4) & 0x00FF00FF00FF00FFL;
    x = (x | x >>> 8) & 0x0000FFFF0000FFFFL;
    return (int) (x | x >>> 16);
  }
}
