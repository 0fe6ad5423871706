package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the real checkpoint survives kill -9. */
@NativeTest
class KilledScoreTest {
  private static final int RECORDS = 6;

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void writeRecords() throws IOException {
    data = ScoredRecords.write(folder.resolve("qa.jsonl"), RECORDS);
  }

  @Test
  void killedRun_isResumedToTheBytesOfAnUnbrokenOne() throws Exception {
    Path unbroken = folder.resolve("unbroken.jsonl");
    ProgramRun whole =
        ProgramRun.of(folder, "", ScoredRecords.score(data, unbroken, "--per-token"));
    assertEquals(0, whole.code(), whole.err());
    assertTrue(whole.err().startsWith("model "), whole.err());

    Path broken = folder.resolve("broken.jsonl");
    Process process =
        new ProcessBuilder(ProgramRun.command(ScoredRecords.score(data, broken, "--per-token")))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.txt").toFile())
            .start();
    ScoredRecords.awaitLines(broken, 4);
    process.destroyForcibly();
    assertEquals(128 + 9, process.waitFor());
    int kept = Files.readAllLines(broken).size();
    assertTrue(kept <= 2 * RECORDS, "the run ended before it was killed");

    ProgramRun resumed =
        ProgramRun.of(folder, "", ScoredRecords.score(data, broken, "--per-token"));
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.out().contains("from an earlier run"), resumed.out());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(broken));
  }
}
