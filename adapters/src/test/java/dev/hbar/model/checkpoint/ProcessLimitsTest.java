package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLimitsTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;
  private ProcessLimits limits;

  @BeforeEach
  void place() throws IOException {
    limits = new ProcessLimits(folder.resolve("proc"), folder.resolve("groups"));
    Files.createDirectories(limits.process());
  }

  private void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void processLimits(String addresses, String data) throws IOException {
    write(
        limits.process().resolve("limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max data size             %s            unlimited            bytes
        Max address space         %s           unlimited            bytes
        """
            .formatted(data, addresses));
    write(
        limits.process().resolve("status"),
        "Name:\tjava\nVmPeak:\t 9999999 kB\nVmSize:\t 2097152 kB\nVmData:\t 1048576 kB\n");
  }

  private long limit(long machine) {
    return MemoryLimit.smallest(machine, limits, OptionalLong.empty());
  }

  /** A Mac of 16 GiB, of which Metal recommends two thirds, and one with a raised limit. */
  @Test
  void recommendedWorkingSet_countsWhereItIsSmaller() {
    long two = 11_453_251_584L;
    assertEquals(two, MemoryLimit.smallest(16 * GIB, limits, OptionalLong.of(two)));
    long most = (long) (16 * GIB * 0.8);
    assertEquals(most, MemoryLimit.smallest(16 * GIB, limits, OptionalLong.of(most)));
    assertEquals(most, MemoryLimit.smallest(16 * GIB, limits, OptionalLong.of(15 * GIB)));
  }

  @Test
  void noFiles_setNoLimit() {
    assertEquals(OptionalLong.empty(), limits.reservable());
    assertEquals(OptionalLong.empty(), limits.group());
    assertEquals(8 * GIB, limit(10 * GIB));
  }

  @Test
  void addressSpace_leavesWhatIsNotReservedYet() throws IOException {
    processLimits("4294967296", "unlimited");
    assertEquals(OptionalLong.of(2 * GIB - ProcessLimits.RESERVE), limits.reservable());
    assertEquals(2 * GIB - ProcessLimits.RESERVE, limit(10 * GIB));
  }

  @Test
  void smallerOfAddressesAndData_counts() throws IOException {
    processLimits("8589934592", "2147483648");
    assertEquals(OptionalLong.of(GIB - ProcessLimits.RESERVE), limits.reservable());
  }

  @Test
  void limitBelowWhatIsReserved_leavesNothing() throws IOException {
    processLimits("2147483648", "unlimited");
    assertEquals(OptionalLong.of(0), limits.reservable());
  }

  @Test
  void secondVersion_countsTheGroupsAbove() throws IOException {
    write(limits.process().resolve("cgroup"), "0::/user/job/step\n");
    write(limits.groups().resolve("user/job/step/memory.max"), "max\n");
    write(limits.groups().resolve("user/job/memory.max"), "5368709120\n");
    write(limits.groups().resolve("user/memory.max"), "6442450944\n");
    assertEquals(OptionalLong.of(5 * GIB), limits.group());
    assertEquals(4 * GIB, limit(10 * GIB));
  }

  @Test
  void firstVersion_isReadFromTheMemoryController() throws IOException {
    write(limits.process().resolve("cgroup"), "5:cpu,cpuacct:/x\n4:memory:/api/9e\n0::/\n");
    write(limits.groups().resolve("memory/api/9e/memory.limit_in_bytes"), "2147483648\n");
    write(limits.groups().resolve("memory/memory.limit_in_bytes"), "9223372036854771712\n");
    write(limits.groups().resolve("cpu,cpuacct/x/memory.limit_in_bytes"), "1\n");
    assertEquals(OptionalLong.of(2 * GIB), limits.group());
  }

  @Test
  void groupMountedAtTheRoot_isReadThere() throws IOException {
    // A container often sees its own group as the root, whatever the path says.
    write(limits.process().resolve("cgroup"), "0::/docker/abc\n");
    write(limits.groups().resolve("memory.max"), "1073741824\n");
    assertEquals(OptionalLong.of(GIB), limits.group());
  }
}
