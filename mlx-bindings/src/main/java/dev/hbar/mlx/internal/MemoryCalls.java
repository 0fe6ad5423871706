package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.memory_h;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** MLX's memory counters and limits, in bytes. */
public final class MemoryCalls {
  private MemoryCalls() {}

  @FunctionalInterface
  private interface Counter {
    int read(MemorySegment out);
  }

  @FunctionalInterface
  private interface Limit {
    int set(MemorySegment previous, long bytes);
  }

  public static long active() {
    return read("mlx_get_active_memory", memory_h::mlx_get_active_memory);
  }

  public static long cache() {
    return read("mlx_get_cache_memory", memory_h::mlx_get_cache_memory);
  }

  public static long peak() {
    return read("mlx_get_peak_memory", memory_h::mlx_get_peak_memory);
  }

  public static long limit() {
    return read("mlx_get_memory_limit", memory_h::mlx_get_memory_limit);
  }

  public static void resetPeak() {
    NativeCall.check("mlx_reset_peak_memory", memory_h.mlx_reset_peak_memory());
  }

  public static void clearCache() {
    NativeCall.check("mlx_clear_cache", memory_h.mlx_clear_cache());
    Heap.trim();
  }

  public static long setCacheLimit(long bytes) {
    return set("mlx_set_cache_limit", memory_h::mlx_set_cache_limit, bytes);
  }

  public static long setMemoryLimit(long bytes) {
    return set("mlx_set_memory_limit", memory_h::mlx_set_memory_limit, bytes);
  }

  public static long setWiredLimit(long bytes) {
    return set("mlx_set_wired_limit", memory_h::mlx_set_wired_limit, bytes);
  }

  private static long read(String function, Counter counter) {
    MemorySegment out = Scratch.bytes(8);
    NativeCall.check(function, counter.read(out));
    return out.get(ValueLayout.JAVA_LONG, 0);
  }

  private static long set(String function, Limit limit, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit is not negative: " + bytes);
    }
    MemorySegment out = Scratch.bytes(8);
    NativeCall.check(function, limit.set(out, bytes));
    return out.get(ValueLayout.JAVA_LONG, 0);
  }

  /**
   * What MLX's CPU backend gives back goes to glibc's malloc, which once it has seen blocks of up
   * to 32 MiB come and go keeps such blocks for itself: a process that scores stood at 1.7 GB with
   * 0.1 GB of arrays. macOS returns large blocks by itself and has no such function.
   */
  private static final class Heap {
    private static final Optional<MethodHandle> TRIM =
        Linker.nativeLinker()
            .defaultLookup()
            .find("malloc_trim")
            .map(
                address ->
                    Linker.nativeLinker()
                        .downcallHandle(
                            address,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));

    private Heap() {}

    static void trim() {
      if (TRIM.isEmpty()) {
        return;
      }
      try {
        int unused = (int) TRIM.get().invokeExact(0L);
      } catch (Throwable unexpected) {
        throw new AssertionError("malloc_trim throws nothing", unexpected);
      }
    }
  }
}
