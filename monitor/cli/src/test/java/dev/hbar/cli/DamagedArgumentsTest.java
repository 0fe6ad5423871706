package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.Mutants;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Damaged command lines end with a result or one line on stderr, never in a trace. */
class DamagedArgumentsTest {
  @TempDir private Path folder;

  /** None of them writes a file. */
  private List<String> lines() {
    Path scores = ScoreFiles.write(folder.resolve("scores.jsonl"), ScoreFiles.separatedByPri(6));
    return List.of(
        "summary " + scores + " --json --resamples 20 --seed 7",
        "summary " + scores + " --vs surprise_mean --resamples 20",
        "inspect " + folder + " --json",
        "render " + folder + " --user Hello --system Sys",
        "detect list " + folder,
        "doctor --help");
  }

  private static String fault(String line, CommandRun run) {
    String err = run.err();
    boolean printable =
        (run.out() + err)
            .codePoints()
            .allMatch(c -> c == '\n' || c == '\t' || ErrorText.isPrintable(c));
    boolean oneLine = run.code() == 0 || err.contains("--help") || err.lines().count() == 1;
    boolean known = Set.of(0, 1, 2).contains(run.code());
    return known && printable && oneLine && !err.contains("internal error") && err.length() < 4000
        ? ""
        : ErrorText.oneLine(line + " -> " + run.code() + " " + err);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "summary SCORES --resamples 2147483647",
        "summary SCORES --resamples 100001",
        "calibrate --scores SCORES --out FOLDER/p.json --resamples 2147483647",
        "validate --scores SCORES --params FOLDER/p.json --out FOLDER/r.json --resamples 2147483647",
        "detect fit --states FOLDER --out FOLDER/d --permutations 2147483647",
        "detect fit --states FOLDER --out FOLDER/d --folds 2147483647",
        "bench FOLDER --trials 2147483647",
        "serve FOLDER --parallel 2147483647",
        "serve FOLDER --queue 2147483647"
      })
  @Timeout(10)
  void repetitionsWithoutMeasure_areRefusedAtOnce(String line) {
    Path scores = ScoreFiles.write(folder.resolve("scores.jsonl"), ScoreFiles.separatedByPri(6));
    String filled = line.replace("SCORES", scores + "").replace("FOLDER", folder + "");
    CommandRun run = CommandRun.of(filled.split(" "));
    assertEquals(2, run.code(), run.err());
    String option = filled.substring(filled.lastIndexOf("--"), filled.lastIndexOf(' '));
    assertTrue(run.err().contains(option) && run.err().contains(" must be "), run.err());
  }

  @Test
  @Timeout(120)
  void damagedLines_endInOneLineOrAResult() {
    Set<String> faults = new TreeSet<>();
    Set<Integer> codes = new TreeSet<>();
    List<String> lines = lines();
    for (int seed = 0; seed < Mutants.COUNT; seed++) {
      byte[] sound = lines.get(seed % lines.size()).getBytes(StandardCharsets.UTF_8);
      String line = new String(Mutants.of(sound, sound.length, seed), StandardCharsets.UTF_8);
      List<String> arguments = new ArrayList<>(List.of(line.split(" ")));
      CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
      codes.add(run.code());
      faults.add(fault(line, run));
    }
    faults.remove("");
    assertEquals("", String.join("\n", faults));
    assertTrue(codes.containsAll(Set.of(0, 1, 2)), "codes " + codes);
  }

  /** Only parses, since what a damaged line asks for may write any file. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-v sweep a/b c --data d --calibrate 12 --validate 12 --seed 42 --out w --log-file=l",
        "score m --data d --task qa --limit 6 --answers sampled --samples 5 --seed 7 --out s",
        "serve m n --port 8080 --queue 9 --pin m --parallel 2 --api-key-file k",
        "detect fit --states s --kind probe --layer 1 --folds 5 --permutations 1 --out d"
      })
  void damagedArguments_areParsedOrRefused(String sound) throws IOException {
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.complete(CommandRun.NOWHERE)
            .setExecutionStrategy(parsed -> 0)
            .setParameterExceptionHandler(
                new Logging.ErrorReport(new PrintWriter(err), () -> false));
    Mutants.refused(
        Files.writeString(folder.resolve("line"), sound),
        sound.length(),
        damaged -> {
          String text = new String(Files.readAllBytes(damaged), StandardCharsets.UTF_8);
          err.getBuffer().setLength(0);
          if (line.execute(text.split(" ")) != 0) {
            assertTrue(err.toString().endsWith("'\n"), err::toString);
            throw new CommandException("line: " + err.toString().strip());
          }
        });
  }

  @Test
  void damagedTranscripts_areReadOrRefused() throws IOException {
    Path file = folder.resolve("talk.json");
    String text =
        "{\"model\": \"a/b\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Yes?\"}]}";
    Mutants.refused(
        Files.writeString(file, text),
        text.length(),
        damaged -> ChatCommand.Transcript.read(damaged));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--tools", "--documents"})
  void damagedListsOfAConversation_areReadOrRefused(String option) throws IOException {
    String text =
        """
        [{"type": "function", "function": {"name": "weather", "description": "Of a town",
          "parameters": {"type": "object", "properties": {"town": {"type": "string"},
            "days": {"type": ["integer", "null"]}}, "required": ["town"]}}}]
        """;
    Mutants.refused(
        Files.writeString(folder.resolve("list.json"), text),
        text.length(),
        damaged -> {
          ConversationOptions options = new ConversationOptions();
          CommandLine.populateCommand(options, option, damaged.toString());
          options.of(Optional.of("Be brief."), "Hi").tools();
          options.types();
        });
  }

  /** Every line of the answer is one object, whatever the line of the question was. */
  @Test
  void damagedConversations_areAnsweredLineByLine() throws IOException {
    Path template = Files.writeString(folder.resolve("t.jinja"), "{{ messages|tojson }}");
    byte[] sound =
        "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"tools\": [], \"add_generation_prompt\": true, \"variables\": {\"a\": 1}}"
            .getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("c.jsonl");
    int errors = 0;
    for (int seed = 0; seed < Mutants.COUNT; seed++) {
      Files.write(file, Mutants.of(sound, sound.length, seed));
      CommandRun run =
          CommandRun.of("render", "--template", template + "", "--conversations", file + "");
      assertTrue(run.code() == 0 || run.err().contains("is not UTF-8"), seed + run.err());
      for (String line : run.out().lines().toList()) {
        boolean text = line.startsWith("{\"text\":");
        errors += text ? 0 : 1;
        assertTrue(text || line.startsWith("{\"error\":\""), seed + line);
        assertTrue(line.codePoints().allMatch(ErrorText::isPrintable), seed + line);
      }
    }
    assertTrue(errors > Mutants.COUNT / 10, errors + " errors");
  }
}
