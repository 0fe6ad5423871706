package dev.hbar.model.convert;

import java.nio.ByteBuffer;

/**
 * Turns one stored row into one row of an output tensor; both buffers are little-endian and exactly
 * filled.
 */
@FunctionalInterface
interface RowCodec {

  /** Reads {@code row} to its end and appends to {@code out}. */
  void convert(ByteBuffer row, ByteBuffer out);

  /** Numbers in F32, less 1. */
  static RowCodec minusOne() {
    return (row, out) -> {
      while (row.hasRemaining()) {
        out.putFloat(row.getFloat() - 1);
      }
    };
  }

  /** Rows that are kept byte for byte. */
  static RowCodec copy() {
    return (row, out) -> out.put(row);
  }
}
