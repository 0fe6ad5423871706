package dev.hbar.model.checkpoint;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory a model may plan for. */
public final class MemoryLimit {
  /** The rest stays for the JVM, the system and, on a Mac, the screen. */
  private static final double SHARE_OF_RAM = 0.8;

  private MemoryLimit() {}

  /**
   * Bytes: the smallest of a fixed share of this machine's memory, the same share of each control
   * group's, and what the limits of this process leave.
   */
  public static long bytes() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return smallest(system.getTotalMemorySize(), ProcessLimits.ofThisProcess());
  }

  static long smallest(long machine, ProcessLimits limits) {
    long memory = Math.min(machine, limits.group().orElse(machine));
    long share = (long) (memory * SHARE_OF_RAM);
    return Math.min(share, limits.reservable().orElse(share));
  }
}
