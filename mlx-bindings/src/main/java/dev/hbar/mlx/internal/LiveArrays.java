package dev.hbar.mlx.internal;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts open array handles. With {@code -Dhbar.mlx.traces=true} every handle remembers the line
 * that made it, so that a leak names its line; tests run that way. Owner thread only.
 */
public final class LiveArrays {
  private static final boolean TRACES = Boolean.getBoolean("hbar.mlx.traces");
  private static final Map<ArrayHandle, Throwable> TRACED = new IdentityHashMap<>();
  private static long count;

  private LiveArrays() {}

  static void opened(ArrayHandle handle) {
    count++;
    if (TRACES) {
      TRACED.put(handle, new Throwable("array made here"));
    }
  }

  static void closed(ArrayHandle handle) {
    count--;
    if (TRACES) {
      TRACED.remove(handle);
    }
  }

  /** Number of open handles in this process. */
  public static long count() {
    return count;
  }

  /** The creation traces of all open handles; empty unless traces are on. */
  public static List<Throwable> traces() {
    return List.copyOf(TRACED.values());
  }
}
