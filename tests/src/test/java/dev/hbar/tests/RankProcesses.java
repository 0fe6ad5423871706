package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Processes that are ranks of one run on this machine, as scripts/launch starts them. */
final class RankProcesses implements AutoCloseable {
  private final Path folder;
  private final Path secret;
  private final List<Process> started = new ArrayList<>();

  /**
   * None yet.
   *
   * @param folder where what they say is kept
   */
  RankProcesses(Path folder) throws IOException {
    this.folder = folder;
    secret = Files.writeString(folder.resolve("secret"), "sixteen bytes at least");
  }

  /** A port that is free now. */
  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** Starts one that shares samples. */
  Process start(int rank, int size, int port, String... command) throws IOException {
    return start(
        rank,
        Map.of(
            "HBAR_RANK",
            "" + rank,
            "HBAR_RANKS",
            "" + size,
            "HBAR_RANK_ADDRESS",
            "127.0.0.1:" + port,
            "HBAR_RANK_SECRET_FILE",
            secret.toString()),
        command);
  }

  /** Starts one with what it gets to know. */
  Process start(int rank, Map<String, String> variables, String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(ProgramRun.command(command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said(rank).toFile());
    builder.environment().putAll(variables);
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Path said(int rank) {
    return folder.resolve("rank" + rank + ".txt");
  }

  /** What it has said, once it has ended with this code. */
  String ended(Process process, int code, int rank) throws Exception {
    boolean over = process.waitFor(ScoredRecords.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    String text = Files.readString(said(rank));
    assertTrue(over, "rank " + rank + " goes on: " + text);
    assertEquals(code, process.exitValue(), text);
    return text;
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
