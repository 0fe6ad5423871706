package dev.hbar.model.checkpoint;

import com.sun.management.OperatingSystemMXBean;
import dev.hbar.mlx.Mlx;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;

/** How much memory a model may plan for. */
public final class MemoryLimit {
  /** The rest stays for the JVM, the system and, on a Mac, the screen. */
  private static final double SHARE_OF_RAM = 0.8;

  private MemoryLimit() {}

  /**
   * Bytes: the smallest of a fixed share of this machine's memory, the same share of each control
   * group's, what the limits of this process leave, and what a GPU recommends: beyond its working
   * set Metal evicts, and a model swaps with every token. MLX's own limits, the wired one included,
   * stay as they are.
   */
  public static long bytes() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return smallest(
        system.getTotalMemorySize(), ProcessLimits.ofThisProcess(), Mlx.recommendedMemory());
  }

  static long smallest(long machine, ProcessLimits limits, OptionalLong recommended) {
    long memory = Math.min(machine, limits.group().orElse(machine));
    long share = (long) (memory * SHARE_OF_RAM);
    long left = Math.min(share, limits.reservable().orElse(share));
    return Math.min(left, recommended.orElse(left));
  }
}
