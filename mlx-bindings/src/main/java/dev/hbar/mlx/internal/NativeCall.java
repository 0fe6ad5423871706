package dev.hbar.mlx.internal;

import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.gen.array_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.StringJoiner;

/**
 * The one path of every call that makes an array: take an output slot, call, test the status,
 * promote the slot to an owned handle or free it and throw with the C function's name, MLX's own
 * text and the shapes of the arguments.
 */
public final class NativeCall {
  private NativeCall() {}

  /** A call that writes one array into {@code out} and returns mlx-c's status. */
  @FunctionalInterface
  interface ArrayCall {
    int invoke(MemorySegment out);
  }

  /** A constructor that returns its struct through an allocator. */
  @FunctionalInterface
  interface ArrayMaker {
    MemorySegment invoke(SegmentAllocator out);
  }

  static ArrayHandle array(String function, ArrayCall call, ArrayHandle... arguments) {
    MemorySegment slot = Slots.take();
    boolean promoted = false;
    try {
      int status = seen(call.invoke(slot));
      if (status != 0) {
        throw failure(function, status, arguments);
      }
      promoted = true;
      return new ArrayHandle(slot);
    } finally {
      if (!promoted) {
        discard(slot);
      }
    }
  }

  /**
   * What {@link #array} does, for the calls of every decode step: nothing is allocated but the
   * handle.
   *
   * @param slot taken by the caller, as the last thing before its call
   * @param status that the call returned
   */
  static ArrayHandle made(String function, MemorySegment slot, int status, ArrayHandle a) {
    return seen(status) == 0 ? new ArrayHandle(slot) : fail(function, slot, status, a);
  }

  static ArrayHandle made(
      String function, MemorySegment slot, int status, ArrayHandle a, ArrayHandle b) {
    return seen(status) == 0 ? new ArrayHandle(slot) : fail(function, slot, status, a, b);
  }

  static ArrayHandle made(
      String function,
      MemorySegment slot,
      int status,
      ArrayHandle a,
      ArrayHandle b,
      ArrayHandle c) {
    return seen(status) == 0 ? new ArrayHandle(slot) : fail(function, slot, status, a, b, c);
  }

  private static ArrayHandle fail(
      String function, MemorySegment slot, int status, ArrayHandle... arguments) {
    MlxException failed = failure(function, status == 0 ? 1 : status, arguments);
    discard(slot);
    throw failed;
  }

  /** A call that writes two arrays and returns mlx-c's status. */
  @FunctionalInterface
  interface PairCall {
    int invoke(MemorySegment first, MemorySegment second);
  }

  /** A call with two results. */
  static ArrayHandle[] pair(String function, PairCall call, ArrayHandle... arguments) {
    MemorySegment second = Slots.take();
    ArrayHandle first;
    try {
      first = array(function, slot -> call.invoke(slot, second), arguments);
    } catch (MlxException failed) {
      discard(second);
      throw failed;
    }
    return new ArrayHandle[] {first, new ArrayHandle(second)};
  }

  /** A call that writes a vector of arrays. */
  static ArrayHandle[] arrays(String function, ArrayCall call, ArrayHandle... arguments) {
    MemorySegment vector = Slots.take();
    try {
      check(function, call.invoke(vector), arguments);
      return ArrayVector.elements(vector);
    } finally {
      ArrayVector.free(vector);
    }
  }

  /**
   * A constructor such as {@code mlx_array_new_data}: it has no status, and a null context is its
   * failure.
   */
  static ArrayHandle made(String function, ArrayMaker maker) {
    ErrorTrap.clear();
    return array(
        function,
        slot -> {
          maker.invoke((size, alignment) -> slot);
          return slot.get(ValueLayout.JAVA_LONG, 0) == 0 ? 1 : 0;
        });
  }

  /** Tests the status of a call without arrays. */
  static void check(String function, int status) {
    int seen = seen(status);
    if (seen != 0) {
      throw failure(function, seen);
    }
  }

  /** Tests the status of a call that makes no array. */
  static void check(String function, int status, ArrayHandle... arguments) {
    int seen = seen(status);
    if (seen != 0) {
      throw failure(function, seen, arguments);
    }
  }

  private static int seen(int status) {
    return CallWatch.ON ? CallWatch.seen(status) : status;
  }

  private static void discard(MemorySegment slot) {
    array_h.mlx_array_free(slot);
    Slots.give(slot);
  }

  private static MlxException failure(String function, int status, ArrayHandle... arguments) {
    StringJoiner shapes = new StringJoiner(", ", "(", ")");
    for (ArrayHandle argument : arguments) {
      shapes.add(argument == null ? "null" : ArrayQueries.describe(argument));
    }
    String text = ErrorTrap.take();
    String reason = text.isEmpty() ? "status " + status : text;
    return new MlxException(function, function + shapes + ": " + reason);
  }
}
