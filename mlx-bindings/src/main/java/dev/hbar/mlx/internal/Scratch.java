package dev.hbar.mlx.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Native memory for the arguments of one call: shapes, axes, output numbers. A ring on the owner
 * thread: a piece stays valid until 64 KiB later, far beyond the call it was made for.
 */
final class Scratch {
  private static final int BYTES = 64 * 1024;
  private static final int MAX_INTS = 1024;
  private static MemorySegment ring;
  private static long next;

  private Scratch() {}

  static MemorySegment ints(int... values) {
    if (values.length > MAX_INTS) {
      throw new IllegalArgumentException("at most " + MAX_INTS + " numbers: " + values.length);
    }
    MemorySegment out = bytes(Math.max(1, values.length) * 4L);
    MemorySegment.copy(values, 0, out, ValueLayout.JAVA_INT, 0, values.length);
    return out;
  }

  /** An eight-byte aligned piece of the ring with undefined content. */
  static MemorySegment bytes(long size) {
    if (ring == null) {
      ring = Arena.ofConfined().allocate(BYTES, 8);
    }
    long start = next + size > BYTES ? 0 : next;
    next = (start + size + 7) & ~7L;
    return ring.asSlice(start, size);
  }
}
