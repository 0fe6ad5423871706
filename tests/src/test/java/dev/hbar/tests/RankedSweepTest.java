package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep of two models shared by three processes, one of which is killed. */
@NativeTest
class RankedSweepTest {
  /** Files that hold the seconds it took. */
  private static final Pattern MEASURED = Pattern.compile("report.*|[^/]+/costs\\.json");

  @TempDir private Path folder;

  @Test
  void rankKilledInTheSecondModel_changesNoFile() throws Exception {
    Path work = Files.createDirectory(folder.resolve("work"));
    CommandFolder.of(work, "http://localhost:1");
    Path other = Files.createDirectory(work.resolve("other"));
    new RandomCheckpoint("qwen2", "{}").load(other, MaskChoice.AUTO).close();
    RandomCheckpoint.writeTokenizer(other);
    ProgramRun alone = ProgramRun.of(folder, "", sweep("one"));
    assertEquals(0, alone.code(), alone.err());
    try (RankProcesses ranks = new RankProcesses(folder)) {
      int port = RankProcesses.freePort();
      Process helper = ranks.start(1, 3, port, sweep("none"));
      Process killed = ranks.start(2, 3, port, sweep("none"));
      Process first = ranks.start(0, 3, port, sweep("three"));
      ScoredRecords.awaitLines(folder.resolve("three/other/calibration.jsonl"), 6);
      killed.destroyForcibly();
      String said = ranks.ended(first, 0, 0);
      assertTrue(said.contains("rank 2 at 127.0.0.1 is gone ("), said);
      assertTrue(said.contains("its 2 samples are taken up by the others"), said);
      String theirs = ranks.ended(helper, 0, 1);
      assertTrue(theirs.matches("(?s).*rank 1: [1-9][0-9]* samples done for rank 0.*"), theirs);
    }
    assertEquals(files("one"), files("three"));
    assertTrue(Files.notExists(folder.resolve("none")), "other ranks write no folder");
  }

  /** The models never end an answer, so that every group takes its time. */
  private String[] sweep(String out) {
    String line =
        "sweep WORK/model WORK/other --data WORK/data --calibrate 24 --validate 12"
            + " --max-tokens 40 --batch 2 --out OUT";
    return line.replace("WORK", folder.resolve("work").toString())
        .replace("OUT", folder.resolve(out).toString())
        .split(" ");
  }

  private Map<String, String> files(String sweep) throws IOException {
    Map<String, String> files = CommandFolder.files(folder.resolve(sweep), MEASURED);
    assertTrue(files.containsKey("other/validation.jsonl"), files.keySet().toString());
    return files;
  }
}
