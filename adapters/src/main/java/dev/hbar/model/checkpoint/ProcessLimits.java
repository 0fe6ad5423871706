package dev.hbar.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What Linux lets this process use, read from its files; other systems have none of them.
 *
 * <p>The limits on address space and data ({@code ulimit -v}, {@code ulimit -d}) count what is
 * reserved, the JVM's heap included, so what is left is the limit less what is reserved already.
 * The limits of control groups, of both versions, count what is in use.
 *
 * @param process the folder of this process, {@code /proc/self}
 * @param groups where the control groups are mounted, {@code /sys/fs/cgroup}
 */
record ProcessLimits(Path process, Path groups) {

  /** Stacks, buffers of the loader and what the allocator reserves in advance. */
  static final long RESERVE = 512L << 20;

  /** Version 1 writes a number near the largest long for "none". */
  private static final long NO_LIMIT = 1L << 62;

  static ProcessLimits ofThisProcess() {
    return new ProcessLimits(Path.of("/proc/self"), Path.of("/sys/fs/cgroup"));
  }

  /** Bytes that may still be reserved, never negative; empty without a limit. */
  OptionalLong reservable() {
    return smallest(left("Max address space", "VmSize:"), left("Max data size", "VmData:"));
  }

  /** The smallest memory limit of the control groups that this process is in. */
  OptionalLong group() {
    OptionalLong smallest = OptionalLong.empty();
    for (String line : lines(process.resolve("cgroup"))) {
      // HIERARCHY:CONTROLLERS:PATH, without controllers in version 2.
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      boolean second = parts[1].isEmpty();
      if (second || List.of(parts[1].split(",")).contains("memory")) {
        Path mount = second ? groups : groups.resolve("memory");
        String file = second ? "memory.max" : "memory.limit_in_bytes";
        smallest = smallest(smallest, upwards(mount, parts[2], file));
      }
    }
    return smallest;
  }

  /** A group is also under the limits of those above it. */
  private static OptionalLong upwards(Path mount, String path, String file) {
    OptionalLong smallest = OptionalLong.empty();
    Path group = mount.resolve(path.substring(Math.min(1, path.length()))).normalize();
    while (group != null && group.startsWith(mount)) {
      for (String line : lines(group.resolve(file))) {
        smallest = smallest(smallest, number(line));
      }
      group = group.getParent();
    }
    return smallest;
  }

  private OptionalLong left(String limit, String used) {
    OptionalLong most = field(process.resolve("limits"), limit);
    if (most.isEmpty()) {
      return most;
    }
    long now = field(process.resolve("status"), used).orElse(0) * 1024;
    return OptionalLong.of(Math.max(0, most.getAsLong() - now - RESERVE));
  }

  /** The first number after the name, if a line begins with it. */
  private static OptionalLong field(Path file, String name) {
    for (String line : lines(file)) {
      if (line.startsWith(name)) {
        return number(line.substring(name.length()).strip().split("\\s+", 2)[0]);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong number(String text) {
    try {
      long value = Long.parseLong(text.strip());
      return value < NO_LIMIT ? OptionalLong.of(value) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong smallest(OptionalLong one, OptionalLong other) {
    return LongStream.concat(one.stream(), other.stream()).min();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
