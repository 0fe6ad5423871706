package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.hbar.cli.CommandSeries;
import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command, one after the other in one folder, under other locales and with a full disk. Each
 * pass is one process ({@link CommandSeries}), whose streams are redirected as a shell does it; a
 * few commands are started as users start them, too.
 */
@NativeTest
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EveryCommandTest {
  private static final String COMMANDS =
      """
      --version
      --help
      completion bash
      doctor --json
      doctor --report doctor.txt
      inspect model --weights
      inspect model --json
      generate model --prompt Hello --max-tokens 3
      generate model --prompt Hello --max-tokens 3 --json
      trace model --prompt Hello --steps 2 --out trace
      compare model --reference trace/trace.safetensors --plot depth.svg
      compare model --reference trace/trace.safetensors --json
      bench model --prompt-tokens 9 --new-tokens 4 --trials 1
      bench model --prompt-tokens 9 --new-tokens 4 --trials 1 --json
      render --template template.jinja --conversations conversations.jsonl
      split --data data --set train --n 12
      split --data data --set train --n 12 --json
      score model --data data --set train --n 24 --max-tokens 2 --out train.jsonl
      score model --data data --set test --n 24 --max-tokens 2 --per-token --out test.jsonl
      score model --data data/qa_data.json --task qa --limit 3 --answers sampled --samples 3 --max-tokens 2 --out again.jsonl
      score-text model --prompt Hello --answer there
      score-text model --prompt Hello --answer there --json
      states model --data data/qa_data.json --task qa --limit 12 --points block.1 --positions last-answer --out states
      detect fit --states states --kind probe --layer 1 --permutations 1 --out detector
      detect test --detector detector --states states
      detect test --detector detector --states states --json
      bench model --prompt-tokens 9 --new-tokens 40 --trials 2 --detector detector
      detect report --detector detector --states states --out detectors.html
      detect profile --states states --position last-answer
      detect profile --states states --position last-answer --json
      detect transfer --detector detector --states states --plot transfer.svg
      detect transfer --detector detector --states states --json
      detect power
      detect power --json
      detect list .
      detect list . --json
      calibrate --scores train.jsonl --resamples 50 --out params.json
      calibrate --scores train.jsonl --resamples 50 --out params.json --json
      validate --scores test.jsonl --params params.json --resamples 50 --out result.json
      validate --scores test.jsonl --params params.json --resamples 50 --out result.json --json
      summary test.jsonl --resamples 50 --plot scores.svg
      summary test.jsonl --resamples 50 --json
      cp test.jsonl copy.jsonl
      summary test.jsonl --resamples 50 --against copy.jsonl
      sweep model --data data --calibrate 12 --validate 12 --max-tokens 2 --out sweep
      report sweep --out report.html
      convert model --bits 8 --group-size 32 --out packed
      pull nobody/nothing
      """;

  /** What only a process of its own shows: arguments, locale, exit code, the last flush. */
  private static final List<String> STARTED =
      List.of(
          "completion bash",
          "generate model --prompt Hello --max-tokens 3 --json",
          "summary test.jsonl --resamples 50 --json",
          "pull nobody/nothing");

  private static final Pattern OUT = Pattern.compile("--(?:out|plot|report) (\\S+)");

  @TempDir private static Path root;
  private static CommandFolder en;
  private static Map<String, ProgramRun> english;

  /** Says 404 to everything. */
  private static HttpServer emptyHub;

  @BeforeAll
  static void runAllInEnglish() throws Exception {
    emptyHub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    emptyHub.start();
    en = prepared("en");
    english = all(en, "en-US", "\"$@\"");
    for (Map.Entry<String, ProgramRun> run : english.entrySet()) {
      int expected = run.getKey().startsWith("pull") ? 1 : 0;
      assertEquals(expected, run.getValue().code(), run.getKey() + ": " + run.getValue().err());
    }
  }

  private static CommandFolder prepared(String name) throws IOException {
    return CommandFolder.of(
        root.resolve(name), "http://localhost:" + emptyHub.getAddress().getPort());
  }

  @AfterAll
  static void stop() {
    emptyHub.stop(0);
  }

  /**
   * All commands in a folder, by their text, in one process, and those of {@link #STARTED} once
   * more; in the shell, "$@" is the program.
   */
  private static Map<String, ProgramRun> all(CommandFolder folder, String locale, String shell)
      throws IOException, InterruptedException {
    Map<String, ProgramRun> runs = folder.series(locale, shell, COMMANDS.lines().toList());
    for (String command : STARTED) {
      List<String> words = ProgramRun.command(command.split(" "));
      ProgramRun alone = folder.run(locale, shell, words);
      ProgramRun together = runs.get(command);
      assertEquals(together.code(), alone.code(), command + ": " + alone.err());
      assertEquals(
          settled(folder.path(), together.out()), settled(folder.path(), alone.out()), command);
      assertEquals(
          settled(folder.path(), together.err()), settled(folder.path(), alone.err()), command);
    }
    return runs;
  }

  /** Times, rates and places differ from run to run, but not the digits they are written in. */
  private static String settled(Path folder, String text) {
    return text.replace(folder.toString(), "FOLDER")
        .replaceAll("[0-9a-f]{64}", "HASH")
        .replaceAll("\"[0-9a-f]{8}\"", "SUM")
        .replaceAll("-?[0-9][0-9.,:eTZ+-]*", "9")
        .replaceAll("\\b(ms|s|KiB|MiB|GiB|min)\\b", "UNIT")
        .replaceAll(" +", " ");
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        // What a test with small files has left there is not of the runs.
        if (name.matches(".*\\.(jsonl?|svg|html)") && !name.startsWith("small/")) {
          texts.put(name, settled(folder, Files.readString(file)));
        }
      }
    }
    return texts;
  }

  private static void assertSameFiles(Path folder) throws IOException {
    Map<String, String> expected = texts(en.path());
    Map<String, String> found = texts(folder);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, text) -> assertEquals(text, found.get(name), name));
  }

  @Test
  void arabicDigitsOfTheLocale_areInNothingThatIsWritten() throws Exception {
    CommandFolder folder = prepared("ar");
    Map<String, ProgramRun> runs = all(folder, "ar-EG", "\"$@\"");
    for (String command : english.keySet()) {
      ProgramRun expected = english.get(command);
      ProgramRun run = runs.get(command);
      assertEquals(expected.code(), run.code(), command + ": " + run.err());
      assertEquals(settled(en.path(), expected.out()), settled(folder.path(), run.out()), command);
      assertEquals(settled(en.path(), expected.err()), settled(folder.path(), run.err()), command);
    }
    assertSameFiles(folder.path());
  }

  /** Under Turkish rules for cases, where TITLE in small letters is not title. */
  @Test
  void fullDisk_isExitOneOfEveryCommandThatPrintsAndItsFilesAreWhole() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "only Linux has /dev/full");
    CommandFolder folder = prepared("tr");
    requireRefusedOutput(all(folder, "tr-TR", "\"$@\" > /dev/full"));
    assertSameFiles(folder.path());
  }

  /** The reader is gone long before a JVM has started. */
  @Test
  void closedPipe_isExitOneOfEveryCommandThatPrints() throws Exception {
    CommandFolder folder = prepared("pipe");
    requireRefusedOutput(all(folder, "en-US", "\"$@\" | true; exit ${PIPESTATUS[0]}"));
    assertSameFiles(folder.path());
  }

  private static void requireRefusedOutput(Map<String, ProgramRun> runs) {
    for (String command : english.keySet()) {
      ProgramRun run = runs.get(command);
      boolean prints = !english.get(command).out().isEmpty();
      assertEquals(prints ? 1 : english.get(command).code(), run.code(), command + run.err());
      assertEquals(prints, run.err().contains("could not be written whole"), command + run.err());
    }
  }

  /** A file may hold 1 KiB: writing more fails as it does on a full disk. */
  @Test
  void fileThatDoesNotFit_isOneLineAndNeverHalfThere() throws Exception {
    Path small = Files.createDirectory(en.path().resolve("small"));
    List<String> commands = new ArrayList<>();
    for (String command : english.keySet()) {
      Matcher out = OUT.matcher(command);
      if (out.find()) {
        String name = " small/" + commands.size() + "-" + out.group(1).replace('/', '-');
        commands.add(command.replace(" " + out.group(1), name));
      }
    }
    assertEquals(18, commands.size(), "commands that write a file");
    String shell = "(ulimit -f 1; exec \"$@\") 2>&1 | cat >&2; exit ${PIPESTATUS[0]}";
    Map<String, ProgramRun> runs = en.series("en-US", shell, commands);
    String alone = commands.stream().filter(c -> c.startsWith("calibrate")).findFirst().get();
    runs.put(alone + " ", en.run("en-US", shell, ProgramRun.command(alone.split(" "))));
    runs.forEach(
        (command, run) -> {
          assertEquals(1, run.code(), command + ": " + run.err());
          String last = run.err().lines().toList().getLast();
          assertTrue(last.startsWith("hbar: ") && last.contains("small/"), command + ": " + last);
        });
    assertNoneIsCut(small);
  }

  /** A file that was cut has as much as fits; only what a run appends to may be so. */
  private static void assertNoneIsCut(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        assertTrue(name.endsWith(".jsonl") || Files.size(file) < 1024, file.toString());
        assertFalse(name.matches(".*\\.(part|tmp)"), file.toString());
      }
    }
  }
}
