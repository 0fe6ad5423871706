package dev.hbar.mlx;

import dev.hbar.mlx.internal.DistributedCalls;
import dev.hbar.mlx.internal.GroupHandle;

/**
 * The processes that compute together, seen from one of them. Made by {@link MlxDistributed}; it
 * lives as long as the process, as its connections do.
 */
public final class MlxGroup {
  private final GroupHandle handle;

  MlxGroup(GroupHandle handle) {
    this.handle = handle;
  }

  GroupHandle handle() {
    return handle;
  }

  /** The number of this process, from 0. */
  public int rank() {
    return handle.rank();
  }

  /** Number of processes. */
  public int size() {
    return handle.size();
  }

  /**
   * The part of this group whose processes gave the same {@code color}, ranked by {@code key}
   * (negative: as they are ranked here). Every process of the group must call it. Owner thread.
   *
   * @throws MlxException where the backend cannot split, such as the ring
   */
  public MlxGroup split(int color, int key) {
    MlxThread.requireOwner();
    return new MlxGroup(DistributedCalls.split(handle, color, key));
  }

  @Override
  public String toString() {
    return "MlxGroup(" + rank() + " of " + size() + ")";
  }
}
