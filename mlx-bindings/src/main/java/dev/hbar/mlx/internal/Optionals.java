package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * mlx-c's optionals, {@code {int|float value; bool has}}, eight bytes passed by value. A program
 * uses a handful of different ones, so each is built once.
 */
final class Optionals {
  /** An absent array: a struct whose context is null. */
  static final MemorySegment NO_ARRAY = Arena.global().allocate(ValueLayout.ADDRESS);

  private static final Map<Long, MemorySegment> CONSTANTS = new HashMap<>();
  private static final long HAS_VALUE = 1L << 32;

  private Optionals() {}

  static MemorySegment of(int value) {
    return constant(Integer.toUnsignedLong(value) | HAS_VALUE);
  }

  static MemorySegment of(float value) {
    return of(Float.floatToRawIntBits(value));
  }

  static MemorySegment of(DType dtype) {
    return of(dtype.code());
  }

  static MemorySegment ofFloat(Optional<Float> value) {
    return value.map(Optionals::of).orElseGet(Optionals::noFloat);
  }

  /** The array's struct, or one whose context is null. */
  static MemorySegment of(Optional<ArrayHandle> array) {
    return array.map(ArrayHandle::struct).orElse(NO_ARRAY);
  }

  static MemorySegment noFloat() {
    return constant(0);
  }

  static MemorySegment noDtype() {
    return constant(0);
  }

  /**
   * The bits are value in the low word, presence in the byte after it: both systems are
   * little-endian.
   */
  private static MemorySegment constant(long bits) {
    return CONSTANTS.computeIfAbsent(bits, Optionals::allocate);
  }

  private static MemorySegment allocate(long bits) {
    MemorySegment struct = Arena.global().allocate(8, 8);
    struct.set(ValueLayout.JAVA_LONG, 0, bits);
    return struct;
  }
}
