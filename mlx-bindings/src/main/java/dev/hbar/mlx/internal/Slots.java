package dev.hbar.mlx.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;

/**
 * A pool of the eight-byte structs that hold handles. They come from a confined arena of the owner
 * thread, so a call from another thread fails with WrongThreadException instead of racing. Slots
 * are reused, never returned to the system: their number is the peak number of handles.
 */
final class Slots {
  private static final int SLOTS_PER_SLAB = 1024;
  private static final long SLOT_BYTES = ValueLayout.ADDRESS.byteSize();
  private static final ArrayDeque<MemorySegment> FREE = new ArrayDeque<>();
  private static Arena arena;

  private Slots() {}

  /** A struct whose context is null. */
  static MemorySegment take() {
    MemorySegment slot = FREE.poll();
    return slot != null ? slot : grow();
  }

  static void give(MemorySegment slot) {
    slot.set(ValueLayout.JAVA_LONG, 0, 0L);
    FREE.push(slot);
  }

  private static MemorySegment grow() {
    if (arena == null) {
      arena = Arena.ofConfined();
    }
    MemorySegment slab = arena.allocate(SLOTS_PER_SLAB * SLOT_BYTES, SLOT_BYTES);
    for (int i = 1; i < SLOTS_PER_SLAB; i++) {
      FREE.push(slab.asSlice(i * SLOT_BYTES, SLOT_BYTES));
    }
    return slab.asSlice(0, SLOT_BYTES);
  }
}
