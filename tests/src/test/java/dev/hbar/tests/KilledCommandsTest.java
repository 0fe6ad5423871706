package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at a random moment of a command: the same command then leaves what an undisturbed one
 * does, and nothing beside it. {@code scripts/attack/faults kills} does it fifty times.
 */
@NativeTest
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class KilledCommandsTest {
  private static final int KILLS = Integer.getInteger("hbar.kills", 5);

  private static final List<String> BEFORE =
      List.of(
          "score model --data data --set train --n 24 --max-tokens 2 --out train.jsonl",
          "sweep model --data data --calibrate 12 --validate 12 --max-tokens 2 --out swept");

  private static final List<String> KILLED =
      List.of(
          "sweep model --data data --calibrate 12 --validate 12 --max-tokens 2 --resume --out OUT/sweep",
          "calibrate --scores train.jsonl --resamples 2000 --out OUT/params.json",
          "report swept --out OUT/report.html",
          "states model --data data/qa_data.json --task qa --limit 20 --points block.1"
              + " --positions last-answer --out OUT/states",
          "convert model --bits 8 --group-size 32 --out OUT/packed");

  /** A sweep's files that hold the seconds it took. */
  private static final Pattern MEASURED =
      Pattern.compile("sweep/(model/costs\\.json|report(-files/.*|\\.html))");

  private record Whole(Map<String, String> files, long millis) {}

  @TempDir private Path folder;
  private CommandFolder work;

  @Test
  void killedCommand_givenAgainLeavesWhatAnUndisturbedOneDoes() throws Exception {
    work = CommandFolder.of(folder.resolve("work"), "http://localhost:1");
    work.series("en-US", "\"$@\"", BEFORE)
        .forEach((command, run) -> assertEquals(0, run.code(), command + run.err()));
    long seed = Long.getLong("hbar.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Whole> whole = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      int index = kill % KILLED.size();
      if (kill < KILLED.size()) {
        whole.add(undisturbed(KILLED.get(index), folder.resolve("whole" + kill)));
      }
      Path out = Files.createDirectory(folder.resolve("killed" + kill));
      int at = random.nextInt((int) whole.get(index).millis());
      String what = "%s killed after %d ms, seed %d".formatted(KILLED.get(index), at, seed);
      boolean hit = killed(KILLED.get(index), out, at);
      assertEquals(0, start(KILLED.get(index), out).waitFor(), () -> what + said());
      assertEquals(
          List.of(), differing(whole.get(index).files(), CommandFolder.files(out, MEASURED)), what);
      System.out.printf("%s: %s%n", hit ? "killed" : "ended before", what);
    }
  }

  private Whole undisturbed(String command, Path out) throws Exception {
    Files.createDirectory(out);
    long started = System.nanoTime();
    assertEquals(0, start(command, out).waitFor(), this::said);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    Whole whole = new Whole(CommandFolder.files(out, MEASURED), millis);
    assertTrue(!whole.files().isEmpty(), command);
    return whole;
  }

  private boolean killed(String command, Path out, int millis) throws Exception {
    Process child = start(command, out);
    boolean ended = child.waitFor(millis, TimeUnit.MILLISECONDS);
    child.destroyForcibly().waitFor();
    return !ended;
  }

  private Process start(String command, Path out) throws IOException {
    String[] words = command.replace("OUT", out.toString()).split(" ");
    return new ProcessBuilder(ProgramRun.command(words))
        .directory(work.path().toFile())
        .redirectOutput(Redirect.DISCARD)
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  private String said() {
    try {
      return ": " + Files.readString(folder.resolve("stderr"));
    } catch (IOException e) {
      return ": " + e;
    }
  }

  /** Names of what is in one of them only, or otherwise. */
  private static List<String> differing(Map<String, String> one, Map<String, String> other) {
    return Stream.concat(one.keySet().stream(), other.keySet().stream())
        .distinct()
        .filter(name -> !Objects.equals(one.get(name), other.get(name)))
        .toList();
  }
}
