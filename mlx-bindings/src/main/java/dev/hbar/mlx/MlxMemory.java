package dev.hbar.mlx;

import dev.hbar.mlx.internal.MemoryCalls;

/**
 * MLX's memory, in bytes. {@code active} is what live arrays hold, {@code cache} what MLX keeps for
 * reuse, {@code peak} the highest active since the last reset. Graph nodes and the JVM heap are
 * counted nowhere here. Owner thread only.
 */
public final class MlxMemory {
  private MlxMemory() {}

  /** The counters at one moment. */
  public record Snapshot(long active, long cache, long peak) {
    /** What the process holds for MLX: live arrays and the reuse cache. */
    public long held() {
      return active + cache;
    }
  }

  /** What MLX holds now, in bytes. */
  public static Snapshot snapshot() {
    MlxThread.requireOwner();
    return new Snapshot(MemoryCalls.active(), MemoryCalls.cache(), MemoryCalls.peak());
  }

  /** Counts the peak anew, from what is held now. */
  public static void resetPeak() {
    MlxThread.requireOwner();
    MemoryCalls.resetPeak();
  }

  /** Gives the reuse cache back; waits for the stream. */
  public static void clearCache() {
    MlxThread.requireOwner();
    MemoryCalls.clearCache();
  }

  /** Bounds the reuse cache; trims at once. Returns the previous bound. */
  public static long setCacheLimit(long bytes) {
    MlxThread.requireOwner();
    return MemoryCalls.setCacheLimit(bytes);
  }

  /**
   * A soft limit: MLX waits and trims before passing it, but does pass it. Returns the previous
   * one.
   */
  public static long setLimit(long bytes) {
    MlxThread.requireOwner();
    return MemoryCalls.setMemoryLimit(bytes);
  }

  /** MLX's own memory limit. */
  public static long limit() {
    MlxThread.requireOwner();
    return MemoryCalls.limit();
  }

  /**
   * Wires memory on a Mac; returns the previous limit, 0 elsewhere. Never above the recommended
   * working set.
   */
  public static long setWiredLimit(long bytes) {
    MlxThread.requireOwner();
    return MemoryCalls.setWiredLimit(bytes);
  }
}
