package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.array_h;
import java.lang.foreign.MemorySegment;

/**
 * One owned {@code mlx_array}: an eight-byte struct {@code {void* ctx}} in pooled memory of the
 * owner thread. The struct itself is what mlx-c takes by value and writes results into, so no call
 * allocates native memory for it.
 */
public final class ArrayHandle {
  private MemorySegment slot;

  ArrayHandle(MemorySegment slot) {
    this.slot = slot;
    LiveArrays.opened(this);
  }

  /** The struct; throws once the handle is closed. */
  MemorySegment struct() {
    if (slot == null) {
      throw new IllegalStateException("array is closed");
    }
    return slot;
  }

  public boolean isClosed() {
    return slot == null;
  }

  /** Frees the array. Idempotent here, because MLX would free twice what is freed twice. */
  public void close() {
    if (slot == null) {
      return;
    }
    MemorySegment freed = slot;
    slot = null;
    LiveArrays.closed(this);
    int status = array_h.mlx_array_free(freed);
    Slots.give(freed);
    NativeCall.check("mlx_array_free", status);
  }
}
