package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.hbar.cli.CommandSeries;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VOCABULARY = 320;

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
      score-text model --prompt Hello --answer there
      score-text model --prompt Hello --answer there --json
      states model --data data/qa_data.json --task qa --limit 12 --points block.1 --positions last-answer --out states
      detect fit --states states --kind probe --layer 1 --permutations 1 --out detector
      detect test --detector detector --states states
      detect test --detector detector --states states --json
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
  private static Path model;
  private static Map<String, ProgramRun> english;

  /** Says 404 to everything. */
  private static HttpServer emptyHub;

  @BeforeAll
  static void runAllInEnglish() throws Exception {
    emptyHub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    emptyHub.start();
    model = Files.createDirectory(root.resolve("model"));
    new RandomCheckpoint("llama", "{'max_position_embeddings': 4096}").load(model, MaskChoice.AUTO);
    JSON.writeValue(model.resolve("tokenizer.json").toFile(), tokenizer());
    english = all(prepared("en"), "en-US", "\"$@\"");
    for (Map.Entry<String, ProgramRun> run : english.entrySet()) {
      int expected = run.getKey().startsWith("pull") ? 1 : 0;
      assertEquals(expected, run.getValue().code(), run.getKey() + ": " + run.getValue().err());
    }
  }

  @AfterAll
  static void stop() {
    emptyHub.stop(0);
  }

  /** The pieces that the model knows. */
  private static JsonNode tokenizer() throws IOException {
    Path whole =
        Path.of(
            System.getProperty("hbar.root"),
            "adapters/src/test/resources/tokenizer/byte_level/tokenizer.json");
    ObjectNode file = (ObjectNode) JSON.readTree(whole.toFile());
    JsonNode vocabulary = file.path("model").path("vocab");
    vocabulary.properties().removeIf(piece -> piece.getValue().asInt() >= VOCABULARY);
    removeIf((ArrayNode) file.get("added_tokens"), t -> t.get("id").asInt() >= VOCABULARY);
    removeIf(
        (ArrayNode) file.path("model").path("merges"),
        merge -> !vocabulary.has(merge.get(0).asText() + merge.get(1).asText()));
    return file;
  }

  private static void removeIf(ArrayNode nodes, Predicate<JsonNode> unwanted) {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (unwanted.test(nodes.get(i))) {
        nodes.remove(i);
      }
    }
  }

  private static Path prepared(String name) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve("model").resolve(file.getFileName()));
      }
    }
    Files.writeString(
        folder.resolve("template.jinja"), "{{ messages[0].content | upper }} {{ 1234.5 }}");
    Files.writeString(
        folder.resolve("conversations.jsonl"),
        "{\"messages\":[{\"role\":\"user\",\"content\":\"title i 7\"}]}\n");
    Path data = Files.createDirectory(folder.resolve("data"));
    records(
        data.resolve("qa_data.json"),
        "{'knowledge':'River %s is long.','question':'How long?','right_answer':'%s km.','hallucinated_answer':'A mile, %s.'}");
    records(
        data.resolve("dialogue_data.json"),
        "{'knowledge':'River %s.','dialogue_history':'[Human]: How long?','right_response':'%s km.','hallucinated_response':'A mile, %s.'}");
    records(
        data.resolve("summarization_data.json"),
        "{'document':'River %s is long.','right_summary':'It has %s km.','hallucinated_summary':'A mile, %s.'}");
    return folder;
  }

  private static void records(Path file, String line) throws IOException {
    Files.write(
        file,
        IntStream.range(0, 20)
            .mapToObj(i -> line.replace("%s", i + "").replace('\'', '"'))
            .toList());
  }

  /**
   * All commands in a folder, by their text, in one process, and those of {@link #STARTED} once
   * more; in the shell, "$@" is the program.
   */
  private static Map<String, ProgramRun> all(Path folder, String locale, String shell)
      throws IOException, InterruptedException {
    Map<String, ProgramRun> runs = series(folder, locale, shell, COMMANDS.lines().toList());
    for (String command : STARTED) {
      List<String> words = ProgramRun.command(command.split(" "));
      ProgramRun alone = run(folder, locale, shell, words);
      ProgramRun together = runs.get(command);
      assertEquals(together.code(), alone.code(), command + ": " + alone.err());
      assertEquals(settled(folder, together.out()), settled(folder, alone.out()), command);
      assertEquals(settled(folder, together.err()), settled(folder, alone.err()), command);
    }
    return runs;
  }

  private static Map<String, ProgramRun> series(
      Path folder, String locale, String shell, List<String> commands)
      throws IOException, InterruptedException {
    Path file = Files.write(root.resolve("commands.txt"), commands);
    List<String> words = new ArrayList<>(ProgramRun.command(file.toString()));
    words.set(words.size() - 2, CommandSeries.class.getName());
    ProgramRun whole = run(folder, locale, shell, words);
    List<String> shown = commands.stream().filter(line -> !line.startsWith("cp ")).toList();
    List<CommandSeries.Part> parts = CommandSeries.parts(whole.out(), whole.err());
    assertEquals(shown.size(), parts.size(), whole.toString());
    Map<String, ProgramRun> runs = new LinkedHashMap<>();
    for (int i = 0; i < shown.size(); i++) {
      CommandSeries.Part part = parts.get(i);
      runs.put(shown.get(i), new ProgramRun(part.code(), part.out(), part.err()));
    }
    return runs;
  }

  private static ProgramRun run(Path folder, String locale, String shell, List<String> program)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("/bin/bash", "-c", shell, "bash"));
    words.addAll(program);
    String[] parts = locale.split("-");
    words.addAll(
        words.indexOf("-cp"),
        List.of("-Duser.language=" + parts[0], "-Duser.country=" + parts[1], "-Xmx1g"));
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .put("HF_ENDPOINT", "http://localhost:" + emptyHub.getAddress().getPort());
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(300, TimeUnit.SECONDS), program + " hangs");
    } finally {
      process.destroyForcibly();
    }
    return new ProgramRun(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** Times, rates and places differ from run to run, but not the digits they are written in. */
  private static String settled(Path folder, String text) {
    return text.replace(folder.toString(), "FOLDER")
        .replaceAll("[0-9a-f]{64}", "HASH")
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
    Map<String, String> expected = texts(root.resolve("en"));
    Map<String, String> found = texts(folder);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, text) -> assertEquals(text, found.get(name), name));
  }

  @Test
  void arabicDigitsOfTheLocale_areInNothingThatIsWritten() throws Exception {
    Path folder = prepared("ar");
    Map<String, ProgramRun> runs = all(folder, "ar-EG", "\"$@\"");
    Path en = root.resolve("en");
    for (String command : english.keySet()) {
      ProgramRun expected = english.get(command);
      ProgramRun run = runs.get(command);
      assertEquals(expected.code(), run.code(), command + ": " + run.err());
      assertEquals(settled(en, expected.out()), settled(folder, run.out()), command);
      assertEquals(settled(en, expected.err()), settled(folder, run.err()), command);
    }
    assertSameFiles(folder);
  }

  /** Under Turkish rules for cases, where TITLE in small letters is not title. */
  @Test
  void fullDisk_isExitOneOfEveryCommandThatPrintsAndItsFilesAreWhole() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "only Linux has /dev/full");
    Path folder = prepared("tr");
    requireRefusedOutput(all(folder, "tr-TR", "\"$@\" > /dev/full"));
    assertSameFiles(folder);
  }

  /** The reader is gone long before a JVM has started. */
  @Test
  void closedPipe_isExitOneOfEveryCommandThatPrints() throws Exception {
    Path folder = prepared("pipe");
    requireRefusedOutput(all(folder, "en-US", "\"$@\" | true; exit ${PIPESTATUS[0]}"));
    assertSameFiles(folder);
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
    Path folder = root.resolve("en");
    Path small = Files.createDirectory(folder.resolve("small"));
    List<String> commands = new ArrayList<>();
    for (String command : english.keySet()) {
      Matcher out = OUT.matcher(command);
      if (out.find()) {
        String name = " small/" + commands.size() + "-" + out.group(1).replace('/', '-');
        commands.add(command.replace(" " + out.group(1), name));
      }
    }
    assertEquals(15, commands.size(), "commands that write a file");
    String shell = "(ulimit -f 1; exec \"$@\") 2>&1 | cat >&2; exit ${PIPESTATUS[0]}";
    Map<String, ProgramRun> runs = series(folder, "en-US", shell, commands);
    String alone = commands.stream().filter(c -> c.startsWith("calibrate")).findFirst().get();
    runs.put(alone + " ", run(folder, "en-US", shell, ProgramRun.command(alone.split(" "))));
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
