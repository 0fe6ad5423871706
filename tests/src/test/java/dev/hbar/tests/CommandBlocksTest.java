package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command block of README and docs is run, taken from the text itself: the commands of a page
 * in their order, in a folder that has what the page speaks of. A command that is not run says so
 * where it stands, by a comment that begins with its reason: network, minutes, torch, form (not a
 * command but its shape). One that has to fail says {@code # fails}. CHECKPOINT is the small one,
 * and {@code --limit} is 6.
 */
class CommandBlocksTest {
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?m)^```(?:sh|bash)?\\R((?:(?!```).*\\R)*)^```$|((?:^ {4}.*\\R(?:^\\R(?= {4}))?)+)");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^(scripts/[a-z]|hbar |mvn |python3 |git |cp |sed |for |M=)");
  private static final Pattern NOT_RUN = Pattern.compile("# (network|minutes|torch|form)\\b.*");
  private static final Pattern CALL =
      Pattern.compile("(?:(?m:^ {4})|`)(?:scripts/)?hbar ([a-z][^`\\n|#]*)");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");
  private static final Pattern FUNCTION =
      Pattern.compile("(?ms)^function _picocli_hbar_([\\w-]+)\\(\\) \\{(.*?)^\\}");
  private static final int SECONDS = 600;

  /** What a page takes for granted. */
  private static final Map<String, String> GIVEN =
      Map.of(
          "monitor/docs/build-a-detector.md",
          """
          for i in 1 2 3 4 5 6 7 8 9 10; do
            for right in cor hal; do
              if [ $right = cor ]; then label=0 said=$i; else label=1 said=$((i * 7 % 13 + 20)); fi
              echo '{"id": "q'$i'_'$right'", "label": '$label', "context": "Shelf '$i' holds '$i' books.",' \\
                '"question": "How many books are there?", "answer": "It holds '$said' books."}'
            done
          done >answers.jsonl
          sed 's/"q/"r/; s/Shelf/Box/' answers.jsonl >other.jsonl
          printf 'Context: {context}\\nQuestion: {question}\\nAnswer: {answer}\\n\\nFaithful?' >prompt.txt
          """,
          "monitor/docs/datasets.md",
          """
          for i in 1 2 3; do
            echo '{"id": "q'$i'_cor", "label": 0, "claim": "'$i' is a number."}'
            echo '{"id": "q'$i'_hal", "label": 1, "claim": "'$i' is a colour."}'
          done >records.jsonl
          printf 'Claim: {claim}\\n\\nIs this true?' >prompt.txt
          printf 'Question,Best Answer,Incorrect Answers\\nWhy?,"So, it is",No; Never\\n' >TruthfulQA.csv
          """,
          "monitor/docs/prove-a-model-right.md",
          """
          scripts/hbar trace CHECKPOINT --prompt "The capital of France is" --steps 8 \\
            --points 'embedding,block.*.*,final_norm,logits' --positions all --out made
          mv made/trace.safetensors reference.safetensors
          """,
          "monitor/docs/statistics.md",
          """
          cp calibrated_params/SmolLM2-135M-Instruct-4bit.json train.jsonl
          cp calibrated_params/SmolLM2-135M-Instruct-4bit.json test.jsonl
          cp calibrated_params/SmolLM2-135M-Instruct-4bit.json week12.jsonl
          """,
          "adapters/docs/chat-templates.md",
          """
          echo '{"messages": [{"role": "user", "content": "Hi"}]}' >conversations.jsonl
          echo '{{ bos_token }}{{ messages[0].content }}' >template.jinja
          echo '[{"type": "function", "function": {"name": "weather"}}]' >tools.json
          """);

  @TempDir Path folder;

  /** The commands of one page, continued lines joined. */
  record Page(String name, List<String> commands) {
    List<String> run() {
      return commands.stream().filter(line -> !NOT_RUN.matcher(line).find()).toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Page> pages() throws IOException {
    Path root = Path.of(System.getProperty("hbar.root"));
    List<Page> pages = new ArrayList<>();
    for (Path file : files()) {
      List<String> commands = commands(Files.readString(file));
      if (!commands.isEmpty()) {
        pages.add(new Page(root.relativize(file).toString(), commands));
      }
    }
    return pages;
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(System.getProperty("hbar.root")), 3)) {
      return files.filter(CommandBlocksTest::isPage).sorted().toList();
    }
  }

  private static boolean isPage(Path file) {
    String path = file.toString();
    return path.matches(".*(/docs/[^/]*|/README|/CONTRIBUTING)\\.md")
        && !path.matches(".*/(target|\\..*|scripts|jextract|tests)/.*");
  }

  static Stream<Page> pagesThatAreRun() throws IOException {
    return pages().stream().filter(page -> !page.run().isEmpty());
  }

  private static List<String> commands(String text) {
    List<String> commands = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      String block =
          blocks.group(1) != null ? blocks.group(1) : blocks.group(2).replaceAll("(?m)^ {4}", "");
      if (COMMAND.matcher(block).find()) {
        commands.addAll(marked(block.replaceAll("\\\\\\R\\s*", "").lines().toList()));
      }
    }
    return commands;
  }

  /** A comment on a line of its own holds for the rest of its block. */
  private static List<String> marked(List<String> lines) {
    List<String> marked = new ArrayList<>();
    String mark = "";
    for (String line : lines) {
      if (line.startsWith("#")) {
        mark = line;
      } else {
        marked.add(mark.isEmpty() ? line : line + " " + mark);
      }
    }
    return marked;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pagesThatAreRun")
  void commands_doWhatThePageSays(Page page) throws Exception {
    Path model = RealCheckpoint.folder();
    Files.createDirectory(folder.resolve("scripts"));
    link("calibrated_params", Path.of(System.getProperty("hbar.root"), "calibrated_params"));
    link(".hbar", model.getParent().getParent());
    String program =
        ProgramRun.command().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n"));
    Path hbar = Files.writeString(folder.resolve("scripts/hbar"), program);
    assertTrue(hbar.toFile().setExecutable(true));
    StringBuilder script = new StringBuilder("set -eu\n");
    script.append(GIVEN.getOrDefault(page.name(), ""));
    page.run().forEach(line -> script.append(runnable(line)).append('\n'));
    String text =
        script
            .toString()
            .replace("CHECKPOINT", ".hbar/models/" + model.getFileName())
            .replaceAll("--limit \\d+", "--limit 6");
    Path out = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder("bash", "-xc", text)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .start();
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), () -> page + " hangs: " + end(out));
    Files.delete(folder.resolve("calibrated_params"));
    Files.delete(folder.resolve(".hbar"));
    assertEquals(0, process.exitValue(), () -> end(out));
  }

  private void link(String name, Path target) throws IOException {
    Files.createSymbolicLink(folder.resolve(name), target.toRealPath());
  }

  private static String runnable(String line) {
    int mark = line.indexOf("# fails");
    return mark < 0
        ? line
        : "if " + line.substring(0, mark) + "; then echo it did not fail; exit 9; fi";
  }

  private static String end(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void commandsThatAreNotRun_sayWhyAndAreFew() throws IOException {
    Map<String, Integer> reasons = new TreeMap<>();
    int run = 0;
    for (Page page : pages()) {
      run += page.run().size();
      for (String line : page.commands()) {
        Matcher mark = NOT_RUN.matcher(line);
        if (mark.find()) {
          reasons.merge(mark.group(1), 1, Integer::sum);
          System.err.println("not run: " + page + ": " + line);
        }
      }
    }
    assertTrue(run >= 25, "only " + run + " commands are run");
    assertEquals(List.of("form", "minutes", "network", "torch"), List.copyOf(reasons.keySet()));
  }

  /** Also of commands that are not run, and of those inside a sentence or a table. */
  @Test
  void commandsAndOptionsInTheText_exist() throws Exception {
    Map<String, Set<String>> known = knownOptions();
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    Path root = Path.of(System.getProperty("hbar.root"));
    for (Path file : files()) {
      String text = Files.readString(file).replaceAll("\\\\\\R\\s*", "");
      Matcher calls = CALL.matcher(text);
      while (calls.find()) {
        String[] words = calls.group(1).split("\\s+");
        String nested = words.length > 1 ? words[0] + "_" + words[1] : "";
        Set<String> options =
            known.get(known.containsKey(nested) ? nested : words[0].replace("-", ""));
        if (options == null) {
          wrong.add(root.relativize(file) + ": hbar " + words[0]);
          continue;
        }
        seen++;
        OPTION
            .matcher(calls.group(1))
            .results()
            .map(MatchResult::group)
            .filter(option -> !options.contains(option))
            .forEach(option -> wrong.add(root.relativize(file) + ": " + words[0] + " " + option));
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(seen > 60, "only " + seen + " calls were found");
  }

  /** By command, the two words of a nested one joined by a line. */
  private Map<String, Set<String>> knownOptions() throws Exception {
    String script = ProgramRun.of(folder, "", "completion", "bash").out();
    Map<String, Set<String>> known = new TreeMap<>();
    Matcher functions = FUNCTION.matcher(script);
    while (functions.find()) {
      known.put(
          functions.group(1),
          OPTION
              .matcher(functions.group(2))
              .results()
              .map(MatchResult::group)
              .collect(Collectors.toSet()));
    }
    return known;
  }
}
