package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run of the real checkpoint shared by processes, some of which are killed. */
@NativeTest
class RankedScoreTest {
  private static final int RECORDS = 24;
  private static final int TIMEOUT_SECONDS = 120;

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();
  private Path secret;
  private int port;
  private byte[] alone;

  @BeforeEach
  void scoreAlone() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      lines.append(
          """
          {"knowledge":"River %d is %d km long.","question":"How long is it?","right_answer":"%d km","hallucinated_answer":"%d miles"}
          """
              .formatted(i, 40 + i, 40 + i, 90 + i));
    }
    Files.writeString(folder.resolve("qa.jsonl"), lines);
    secret = Files.writeString(folder.resolve("secret"), "sixteen bytes at least");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path one = folder.resolve("one.jsonl");
    ProgramRun run = ProgramRun.of(folder, "", score(one));
    assertEquals(0, run.code(), run.err());
    alone = Files.readAllBytes(one);
  }

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void rankOfFourThatIsKilled_losesItsSamplesToTheOthers() throws Exception {
    Path out = folder.resolve("four.jsonl");
    Process first = rank(0, 4, out);
    Process killed = rank(1, 4, out);
    Process second = rank(2, 4, out);
    Process third = rank(3, 4, out);
    awaitLines(out, 4);
    killed.destroyForcibly();
    String said = ended(first, 0, 0);
    assertTrue(said.contains("rank 1 at 127.0.0.1 is gone ("), said);
    assertTrue(said.contains("its 2 samples are taken up by the others"), said);
    assertArrayEquals(alone, Files.readAllBytes(out));
    assertTrue(ended(second, 0, 2).contains("samples scored for rank 0"));
    assertTrue(ended(third, 0, 3).contains("samples scored for rank 0"));
  }

  @Test
  void firstOfTwoThatIsKilled_endsTheOtherAndIsResumed() throws Exception {
    Path out = folder.resolve("two.jsonl");
    Process first = rank(0, 2, out);
    Process other = rank(1, 2, out);
    awaitLines(out, 4);
    first.destroyForcibly();
    String said = ended(other, 1, 1);
    assertTrue(said.contains("hbar: rank 0 at 127.0.0.1:" + port + " is gone ("), said);
    assertTrue(Files.readAllLines(out).size() <= 2 * RECORDS, "the run ended before it was killed");

    Process again = rank(0, 2, out);
    Process otherAgain = rank(1, 2, out);
    String end = ended(again, 0, 0);
    assertTrue(end.contains("from an earlier run"), end);
    ended(otherAgain, 0, 1);
    assertArrayEquals(alone, Files.readAllBytes(out));
  }

  private Process rank(int rank, int size, Path out) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(ProgramRun.command(score(out)))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said(rank).toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "HBAR_RANK",
                "" + rank,
                "HBAR_RANKS",
                "" + size,
                "HBAR_RANK_ADDRESS",
                "127.0.0.1:" + port,
                "HBAR_RANK_SECRET_FILE",
                secret.toString(),
                "OPENBLAS_NUM_THREADS",
                "1"));
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private Path said(int rank) {
    return folder.resolve("rank" + rank + ".txt");
  }

  private String ended(Process process, int code, int rank) throws Exception {
    assertTrue(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS), "rank " + rank + " goes on");
    String text = Files.readString(said(rank));
    assertEquals(code, process.exitValue(), text);
    return text;
  }

  private String[] score(Path out) {
    return List.of(
            "score",
            RealCheckpoint.folder().toString(),
            "--data",
            folder.resolve("qa.jsonl").toString(),
            "--task",
            "qa",
            "--batch",
            "2",
            "--max-tokens",
            "5",
            "--out",
            out.toString())
        .toArray(String[]::new);
  }

  private static void awaitLines(Path file, int lines) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
      assertTrue(System.nanoTime() < deadline, "the run does not write");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
