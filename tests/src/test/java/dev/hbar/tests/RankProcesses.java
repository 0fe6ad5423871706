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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Processes that are ranks of one run on this machine, as scripts/launch starts them. */
final class RankProcesses implements AutoCloseable {
  /** Below those that a system gives to whoever connects. */
  private static final int LOWEST_PORT = 20_000;

  private static final int PORTS = 10_000;
  private static final int MOST = 4;
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

  /** A port that is free now, with those behind it that the ring of four needs. */
  static int freePort() {
    Random random = new Random();
    while (true) {
      int port = LOWEST_PORT + random.nextInt(PORTS);
      if (IntStream.rangeClosed(port, port + MOST).allMatch(RankProcesses::isFree)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket free = new ServerSocket(port)) {
      return free.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** Starts one of so many. */
  Process start(int rank, int size, int port, String... command) throws IOException {
    Path ring = folder.resolve("hosts.json");
    Files.writeString(
        ring,
        IntStream.rangeClosed(1, size)
            .mapToObj(behind -> "[\"127.0.0.1:" + (port + behind) + "\"]")
            .collect(Collectors.joining(",", "[", "]")));
    ProcessBuilder builder =
        new ProcessBuilder(ProgramRun.command(command))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said(rank).toFile());
    Map<String, String> variables = builder.environment();
    variables.put("HBAR_RANK", "" + rank);
    variables.put("HBAR_RANKS", "" + size);
    variables.put("HBAR_RANK_ADDRESS", "127.0.0.1:" + port);
    variables.put("HBAR_RANK_SECRET_FILE", secret.toString());
    variables.put("MLX_RANK", "" + rank);
    variables.put("MLX_HOSTFILE", ring.toString());
    variables.put("OPENBLAS_NUM_THREADS", "1");
    Process process = builder.start();
    started.add(process);
    return process;
  }

  /** Where its output is. */
  Path said(int rank) {
    return folder.resolve("rank" + rank + ".txt");
  }

  /** What it has said without what MLX's ring says, once it has ended with this code. */
  String ended(Process process, int code, int rank) throws Exception {
    boolean over = process.waitFor(ScoredRecords.TIMEOUT_SECONDS, TimeUnit.SECONDS);
    String text = Files.readString(said(rank));
    assertTrue(over, "rank " + rank + " goes on: " + text);
    assertEquals(code, process.exitValue(), text);
    return text.replaceAll("\\[ring] [^\n]*\n?", "");
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
