package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import java.lang.foreign.MemorySegment;

/**
 * One {@code mlx_stream} of the owner thread. MLX has no way to end a stream, so its handle lives
 * as long as the process, and there is one handle for each stream.
 */
public final class StreamHandle {
  private final MemorySegment struct;
  private final Device device;
  private final int index;

  StreamHandle(MemorySegment struct, Device device, int index) {
    this.struct = struct;
    this.device = device;
    this.index = index;
  }

  MemorySegment struct() {
    return struct;
  }

  public Device device() {
    return device;
  }

  /** MLX's number of the stream, counted over all devices and threads. */
  public int index() {
    return index;
  }
}
