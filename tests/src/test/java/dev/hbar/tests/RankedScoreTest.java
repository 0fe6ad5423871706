package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run of the real checkpoint shared by processes, some of which are killed. */
@NativeTest
class RankedScoreTest {
  private static final int RECORDS = 24;

  @TempDir private Path folder;
  private RankProcesses ranks;
  private Path data;
  private int port;
  private byte[] alone;

  @BeforeEach
  void scoreAlone() throws Exception {
    ranks = new RankProcesses(folder);
    port = RankProcesses.freePort();
    data = ScoredRecords.write(folder.resolve("qa.jsonl"), RECORDS);
    Path one = folder.resolve("one.jsonl");
    ProgramRun run = ProgramRun.of(folder, "", ScoredRecords.score(data, one));
    assertEquals(0, run.code(), run.err());
    alone = Files.readAllBytes(one);
  }

  @AfterEach
  void endAll() {
    ranks.close();
  }

  @Test
  void rankOfFourThatIsKilled_losesItsSamplesToTheOthers() throws Exception {
    Path out = folder.resolve("four.jsonl");
    Process first = rank(0, 4, out);
    Process killed = rank(1, 4, out);
    Process second = rank(2, 4, out);
    Process third = rank(3, 4, out);
    ScoredRecords.awaitLines(out, 4);
    killed.destroyForcibly();
    String said = ranks.ended(first, 0, 0);
    assertTrue(said.contains("rank 1 at 127.0.0.1 is gone ("), said);
    assertTrue(said.contains("its 2 samples are taken up by the others"), said);
    assertArrayEquals(alone, Files.readAllBytes(out));
    assertTrue(ranks.ended(second, 0, 2).contains("samples done for rank 0"));
    assertTrue(ranks.ended(third, 0, 3).contains("samples done for rank 0"));
  }

  @Test
  void firstOfTwoThatIsKilled_endsTheOtherAndIsResumed() throws Exception {
    Path out = folder.resolve("two.jsonl");
    Process first = rank(0, 2, out);
    Process other = rank(1, 2, out);
    ScoredRecords.awaitLines(out, 4);
    first.destroyForcibly();
    String said = ranks.ended(other, 1, 1);
    assertTrue(said.contains("hbar: rank 0 at 127.0.0.1:" + port + " is gone ("), said);
    assertTrue(Files.readAllLines(out).size() <= 2 * RECORDS, "the run ended before it was killed");

    Process again = rank(0, 2, out);
    Process otherAgain = rank(1, 2, out);
    String end = ranks.ended(again, 0, 0);
    assertTrue(end.contains("from an earlier run"), end);
    ranks.ended(otherAgain, 0, 1);
    assertArrayEquals(alone, Files.readAllBytes(out));
  }

  private Process rank(int rank, int size, Path out) throws IOException {
    return ranks.start(rank, size, port, ScoredRecords.score(data, out));
  }
}
