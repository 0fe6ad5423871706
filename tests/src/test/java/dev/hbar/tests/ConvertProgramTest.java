package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A conversion of the real checkpoint that is broken off leaves no half folder. */
@NativeTest
class ConvertProgramTest {
  private static final int TIMEOUT_SECONDS = 120;
  private static final int FILE_KILOBYTES = 8000;
  private static final int SIGINT_CODE = 130;
  private static final int SIGKILL_CODE = 137;

  @TempDir Path folder;
  @TempDir Path place;

  private List<String> convert() {
    return ProgramRun.command(
        "convert", RealCheckpoint.folder().toString(), "--bits", "8", "--out", out().toString());
  }

  private Path out() {
    return place.resolve("eight");
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Starts a conversion and returns once it writes weights. */
  private Process started() throws Exception {
    Process process =
        new ProcessBuilder(convert())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!isWriting()) {
      assertTrue(process.isAlive(), Files.readString(folder.resolve("out.txt")));
      assertTrue(System.nanoTime() < deadline, "the conversion does not write");
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return process;
  }

  private boolean isWriting() throws IOException {
    for (String name : left()) {
      if (Files.exists(place.resolve(name).resolve("model.safetensors.tmp"))) {
        return true;
      }
    }
    return false;
  }

  private static int ended(Process process) throws InterruptedException {
    assertTrue(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS), "no end");
    return process.exitValue();
  }

  @Test
  void killedConversion_leavesNothingUnderTheNameAndCanBeRepeated() throws Exception {
    Process process = started();
    process.destroyForcibly();
    assertEquals(SIGKILL_CODE, ended(process));
    assertFalse(Files.exists(out()), left().toString());

    ProgramRun again =
        ProgramRun.of(
            folder,
            "",
            "convert",
            RealCheckpoint.folder().toString(),
            "--bits",
            "8",
            "--out",
            out().toString());
    assertEquals(0, again.code(), again.err());
    ProgramRun inspected = ProgramRun.of(folder, "", "inspect", out().toString());
    assertEquals(0, inspected.code(), inspected.err());
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void interruptedConversion_leavesNothing() throws Exception {
    Process process = started();
    new ProcessBuilder("kill", "-INT", process.pid() + "").start().waitFor();
    assertEquals(SIGINT_CODE, ended(process));
    assertEquals(List.of(), left());
  }

  /** Writing past the limit fails as it does on a full disk. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void fullDisk_isOneLineAndLeavesNothing() throws Exception {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("bash", "-c", "ulimit -f " + FILE_KILOBYTES + "; exec \"$@\"", "limited"));
    command.addAll(convert());
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(1, ended(process));
    List<String> errors =
        Files.readAllLines(err).stream().filter(line -> line.startsWith("hbar: ")).toList();
    assertEquals(1, errors.size(), Files.readString(err));
    assertTrue(errors.getFirst().contains("model.safetensors"), errors.getFirst());
    assertTrue(errors.getFirst().contains("free some space"), errors.getFirst());
    assertEquals(List.of(), left());
  }
}
