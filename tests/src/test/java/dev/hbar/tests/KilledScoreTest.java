package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the real checkpoint survives kill -9. */
@NativeTest
class KilledScoreTest {
  private static final int RECORDS = 6;
  private static final int TIMEOUT_SECONDS = 120;

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void writeRecords() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      lines.append(
          """
          {"knowledge":"River %d is %d km long.","question":"How long is it?","right_answer":"%d km","hallucinated_answer":"%d miles"}
          """
              .formatted(i, 40 + i, 40 + i, 90 + i));
    }
    data = Files.writeString(folder.resolve("qa.jsonl"), lines);
  }

  @Test
  void killedRun_isResumedToTheBytesOfAnUnbrokenOne() throws Exception {
    Path unbroken = folder.resolve("unbroken.jsonl");
    ProgramRun whole = ProgramRun.of(folder, "", score(unbroken));
    assertEquals(0, whole.code(), whole.err());
    assertTrue(whole.err().startsWith("model "), whole.err());

    Path broken = folder.resolve("broken.jsonl");
    Process process =
        new ProcessBuilder(ProgramRun.command(score(broken)))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.txt").toFile())
            .start();
    awaitLines(broken, 4);
    process.destroyForcibly();
    assertEquals(128 + 9, process.waitFor());
    int kept = Files.readAllLines(broken).size();
    assertTrue(kept <= 2 * RECORDS, "the run ended before it was killed");

    ProgramRun resumed = ProgramRun.of(folder, "", score(broken));
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.out().contains("from an earlier run"), resumed.out());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(broken));
  }

  private String[] score(Path out) {
    return List.of(
            "score",
            RealCheckpoint.folder().toString(),
            "--data",
            data.toString(),
            "--task",
            "qa",
            "--batch",
            "2",
            "--max-tokens",
            "5",
            "--per-token",
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
