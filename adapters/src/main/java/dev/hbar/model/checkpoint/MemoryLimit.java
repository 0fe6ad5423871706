package dev.hbar.model.checkpoint;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory a model may plan for. */
public final class MemoryLimit {
  /** The rest stays for the JVM, the system and, on a Mac, the screen. */
  private static final double SHARE_OF_RAM = 0.8;

  private MemoryLimit() {}

  /** Bytes, a fixed share of this machine's memory (of the container's, where there is one). */
  public static long bytes() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return (long) (system.getTotalMemorySize() * SHARE_OF_RAM);
  }
}
