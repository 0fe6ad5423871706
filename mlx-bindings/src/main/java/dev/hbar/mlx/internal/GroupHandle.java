package dev.hbar.mlx.internal;

import dev.hbar.mlx.Device;
import java.lang.foreign.MemorySegment;

/** One {@code mlx_distributed_group}, kept as long as the process: MLX keeps its groups as well. */
public final class GroupHandle {
  private final MemorySegment struct;
  private final Device device;
  private final int rank;
  private final int size;

  GroupHandle(MemorySegment struct, Device device, int rank, int size) {
    this.struct = struct;
    this.device = device;
    this.rank = rank;
    this.size = size;
  }

  MemorySegment struct() {
    return struct;
  }

  /** The device whose streams carry the exchange. */
  Device device() {
    return device;
  }

  public int rank() {
    return rank;
  }

  public int size() {
    return size;
  }
}
