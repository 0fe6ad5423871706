package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scoring.SampleRunner;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a child JVM while it writes a score file. */
class KilledRunTest {
  private static final int SAMPLES = 1200;
  private static final int KILLS = 6;

  @TempDir Path folder;

  /** The child: the run of this test, slow enough to be killed inside. */
  public static void main(String[] args) {
    try (RunJournal journal = RunJournal.open(Path.of(args[0]), TestRuns.header())) {
      SampleRunner.Scorer slow =
          group -> {
            LockSupport.parkNanos(300_000);
            return TestRuns.score(group);
          };
      new SampleRunner(TestRuns.source(SAMPLES), slow, TestRuns.GROUP)
          .run(journal, TestRuns.untilTheEnd());
    }
  }

  @Test
  void runKilledAtRandomMoments_endsWithTheBytesOfAnUnbrokenRun() throws Exception {
    Path unbroken = folder.resolve("unbroken.jsonl");
    main(new String[] {unbroken.toString()});
    Path killed = folder.resolve("killed.jsonl");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int interrupted = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      interrupted += killWhileWriting(killed, random.nextInt(120)) ? 1 : 0;
    }
    assertTrue(interrupted > 0, "no kill hit the run, seed " + seed);
    assertEquals(0, start(killed).waitFor());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(killed), "seed " + seed);
  }

  @Test
  void secondProcess_isRefusedByTheLockOfTheFirst() throws Exception {
    Path file = folder.resolve("locked.jsonl");
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      Process second = start(file);
      assertEquals(1, second.waitFor());
      String said = Files.readString(folder.resolve("stderr"));
      assertTrue(
          said.contains("is being written by process " + ProcessHandle.current().pid()), said);
      assertEquals(0, journal.recorded().size());
    }
  }

  /**
   * Waits until the child writes, then a random while more; true if it was killed before its end.
   */
  private boolean killWhileWriting(Path file, int millis) throws Exception {
    long before = size(file);
    Process child = start(file);
    while (child.isAlive() && size(file) <= before) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    TimeUnit.MILLISECONDS.sleep(millis);
    child.destroyForcibly();
    return child.waitFor() != 0;
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private Process start(Path file) throws IOException {
    return startBy(file);
  }

  private Process startBy(Path file, String... launcher) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            KilledRunTest.class.getName(),
            file.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }
}
