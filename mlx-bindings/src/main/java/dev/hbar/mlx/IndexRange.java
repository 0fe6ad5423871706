package dev.hbar.mlx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bounds of the numbers in an array: MLX checks no index, so each is checked before MLX gets it.
 * The bounds are known where Java put the numbers in and where an operation gives no others (the
 * place of a largest element lies on its axis), and they stay known as the numbers are picked, cut
 * and reshaped. So a decoding step, whose indices are all of this kind, reads nothing back; indices
 * from arithmetic are evaluated and read once, when they are used.
 *
 * @param low no number is below it
 * @param high no number is above it; below {@code low} where there are no numbers
 */
record IndexRange(long low, long high) {
  private static final IndexRange NONE = new IndexRange(Long.MAX_VALUE, Long.MIN_VALUE);

  static IndexRange of(int... values) {
    return values.length == 0
        ? NONE
        : new IndexRange(
            Arrays.stream(values).min().orElseThrow(), Arrays.stream(values).max().orElseThrow());
  }

  /** The places on an axis of that length. */
  static IndexRange below(long length) {
    return new IndexRange(0, length - 1);
  }

  /** What stands in a whole-numbered array now. Evaluates. */
  static IndexRange read(MlxArray array) {
    DType type = array.dtype();
    ByteBuffer bytes = ByteBuffer.wrap(array.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    IndexRange range = NONE;
    while (bytes.hasRemaining()) {
      long number = next(bytes, type);
      range = range.and(new IndexRange(number, number));
    }
    return range;
  }

  private static long next(ByteBuffer bytes, DType type) {
    return switch (type) {
      case BOOL, UINT8 -> bytes.get() & 0xFFL;
      case INT8 -> bytes.get();
      case UINT16 -> bytes.getShort() & 0xFFFFL;
      case INT16 -> bytes.getShort();
      case UINT32 -> bytes.getInt() & 0xFFFFFFFFL;
      case INT32 -> bytes.getInt();
      case INT64 -> bytes.getLong();
      case UINT64 -> signed(bytes.getLong());
      default -> throw new IllegalArgumentException("indices are whole numbers, not " + type);
    };
  }

  private static long signed(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  /** The numbers of both. */
  IndexRange and(IndexRange other) {
    return new IndexRange(Math.min(low, other.low), Math.max(high, other.high));
  }

  boolean isInside(long from, long to) {
    return high < low || low >= from && high <= to;
  }
}
