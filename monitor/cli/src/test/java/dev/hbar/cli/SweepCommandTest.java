package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {
  private static final List<String> FILES =
      List.of("calibration.jsonl", "costs.json", "params.json", "result.json", "validation.jsonl");

  @TempDir Path folder;
  private Path data;
  private Path out;

  /** The child process: first argument is the time of a group in milliseconds. */
  public static void main(String[] args) {
    long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[0]));
    Environment environment = Environment.ofProcess();
    int code =
        Main.run(
            List.of(args).subList(1, args.length).toArray(String[]::new),
            environment,
            List.of(new SweepCommand(environment, new ArithmeticBackend(nanos))));
    System.exit(code);
  }

  @BeforeEach
  void writeData() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    write("qa", "\"knowledge\":\"k\",\"question\":\"q%d\"", "answer");
    write("dialogue", "\"dialogue_history\":\"d%d\"", "response");
    write("summarization", "\"document\":\"t%d\"", "summary");
    out = folder.resolve("sweep");
  }

  @Test
  void checkpoints_areScoredCalibratedAndValidatedOneAfterTheOther() throws IOException {
    CommandRun run = sweep("one", "two");
    assertEquals(0, run.code(), run.err());
    List<String> rows = run.out().lines().toList();
    assertEquals(4, rows.size(), run.out());
    assertTrue(rows.get(1).startsWith("one  "), run.out());
    assertTrue(rows.get(2).startsWith("two  "), run.out());
    assertEquals("report: " + out.resolve("report.html"), rows.get(3));
    assertTrue(Files.readString(out.resolve("report.html")).contains("one, two"));
    for (String name : List.of("one", "two")) {
      assertEquals(FILES, names(out.resolve(name)));
      assertEquals(
          24, ScoreFile.read(out.resolve(name).resolve("calibration.jsonl")).scores().size());
      List<SampleScore> scores =
          ScoreFile.read(out.resolve(name).resolve("validation.jsonl")).scores();
      assertEquals(36, scores.size());
      assertFalse(((SampleScore.Scored) scores.getFirst()).tokens().isEmpty(), "per token");
    }
    JsonNode result = json(out.resolve("one").resolve("result.json"));
    assertEquals("validation.jsonl", result.get("test_data_path").textValue());
    assertEquals(36, result.get("n_test_samples").intValue());
    assertTrue(result.toString().contains("\"perplexity\""), "further signals are judged too");
    JsonNode costs = json(out.resolve("two").resolve("costs.json"));
    assertEquals(60, costs.get("samples").intValue());
    assertTrue(costs.get("seconds").doubleValue() > 0);
  }

  @Test
  void failedCheckpoints_doNotStopTheOthers() throws IOException {
    CommandRun run = sweep("absent", "one", "broken", "two");
    assertEquals(1, run.code());
    List<String> errors = run.err().lines().filter(line -> line.startsWith("hbar: ")).toList();
    assertEquals(1, errors.size(), run.err());
    String said = errors.getFirst();
    assertTrue(said.startsWith("hbar: 2 of 4 checkpoints failed: absent (no checkpoint"), said);
    assertTrue(said.contains("; broken (calibration.jsonl: 24 of 24 samples failed"), said);
    List<String> rows = run.out().lines().toList();
    assertTrue(rows.get(1).matches("absent +failed.*"), run.out());
    assertTrue(rows.get(3).matches("broken +failed.*"), run.out());
    assertEquals(FILES, names(out.resolve("one")));
    assertEquals(FILES, names(out.resolve("two")));
  }

  @Test
  void moreFailuresThanAReportTakes_areSaidAndNoFailure() {
    CommandRun run = sweep("shaky", "--max-failures", "0.9");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().contains("no report: " + out + ": holds no model"), run.err());
    assertTrue(run.out().lines().toList().get(1).startsWith("shaky  "), run.out());
  }

  @Test
  void json_hasOneRowForEachCheckpoint() throws IOException {
    CommandRun run = sweep("one", "absent", "--json");
    JsonNode rows = new ObjectMapper().readTree(run.out());
    assertEquals("ok", rows.get(0).get("status").textValue());
    assertTrue(rows.get(0).at("/auroc_joint/value").isNumber(), run.out());
    assertTrue(rows.get(0).at("/costs/peak_bytes").isNumber(), run.out());
    assertEquals("error", rows.get(1).get("status").textValue());
  }

  @Test
  void existingSweep_isGoneOnWithOnlyByResumeAndTheSameSettings() throws IOException {
    sweep("one");
    Map<String, String> before = contents(out);
    CommandRun again = sweep("one");
    assertEquals(1, again.code());
    assertEquals(
        "hbar: "
            + out
            + ": holds a sweep already: continue it with --resume, or choose another --out",
        again.err().strip());

    CommandRun other = sweep("one", "--resume", "--alpha", "0.3");
    assertEquals(1, other.code());
    assertTrue(
        other.err().contains("sweep.json: is of another sweep: alpha is 0.1 there and 0.3 here"),
        other.err());

    CommandRun resumed = sweep("one", "two", "--resume");
    assertEquals(0, resumed.code(), resumed.err());
    Map<String, String> after = contents(out);
    before.forEach((name, bytes) -> assertEquals(bytes, after.get(name), name));
    assertTrue(after.containsKey("two/result.json"), after.keySet().toString());
  }

  @Test
  void resumeOfNothing_justStarts() {
    assertEquals(0, sweep("one", "--resume").code());
  }

  @Test
  void wrongUse_isOneLineBeforeAnythingIsWritten() {
    assertUsage("Missing required parameter: 'CHECKPOINT'");
    assertUsage("--calibrate and --validate must be at least 1", "one", "--calibrate", "0");
    assertUsage("--max-failures", "one", "--max-failures", "2");
    assertUsage("--alpha", "one", "--alpha", "NaN");
    CommandRun odd = sweep("one", "--calibrate", "23");
    assertEquals("hbar: --calibrate: n must be even", odd.err().strip().substring(0, 33));
    CommandRun twice = sweep("one", "one");
    assertTrue(twice.err().contains("two checkpoints are named one"), twice.err());
    assertFalse(Files.exists(out));
  }

  @Test
  void killedAtRandomMoments_endsWithTheBytesOfAnUnbrokenSweep() throws Exception {
    assertEquals(0, start(0, out).waitFor());
    Path broken = folder.resolve("broken");
    Random random = new Random(20);
    int kills = 0;
    for (Process child = start(15, broken); awaitGrowth(child, broken); kills++) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      child.destroyForcibly().waitFor();
      child = start(15, broken);
    }
    assertTrue(kills > 3, kills + " kills");
    assertEquals(contents(out), contents(broken));
  }

  /** False if the child ended by itself, which it must not do with an error. */
  private boolean awaitGrowth(Process child, Path target) throws Exception {
    long before = size(target);
    while (size(target) == before) {
      if (child.waitFor(2, TimeUnit.MILLISECONDS)) {
        assertEquals(0, child.exitValue(), Files.readString(folder.resolve("stderr")));
        return false;
      }
    }
    return true;
  }

  /** Of the score files; a walk would fail when a file is renamed under it. */
  private static long size(Path root) {
    long size = 0;
    for (String checkpoint : List.of("one", "two")) {
      for (String scores : List.of("calibration.jsonl", "validation.jsonl")) {
        size += root.resolve(checkpoint).resolve(scores).toFile().length();
      }
    }
    return size;
  }

  @Test
  void terminateSignal_keepsWhatIsScored() throws Exception {
    Process child = start(40, out);
    Path scores = out.resolve("one").resolve("calibration.jsonl");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(scores) || Files.readAllLines(scores).size() < 4) {
      assertTrue(System.nanoTime() < deadline, "the child does not write");
      TimeUnit.MILLISECONDS.sleep(2);
    }
    child.destroy();
    assertEquals(143, child.waitFor());
    String said = Files.readString(folder.resolve("stderr"));
    assertTrue(said.contains("the same command with --resume continues it"), said);
    assertTrue(said.contains("one given back: 0 MiB active, 0 MiB before"), said);
    assertEquals(0, start(0, out).waitFor());
    assertEquals(FILES, names(out.resolve("two")));
  }

  private void assertUsage(String expected, String... options) {
    CommandRun run = sweep(options);
    assertEquals(2, run.code(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(expected), run.err());
  }

  private CommandRun sweep(String... options) {
    return CommandRun.of(
        environment -> List.of(new SweepCommand(environment, new ArithmeticBackend(0))),
        arguments(out, options).toArray(String[]::new));
  }

  private List<String> arguments(Path target, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("sweep", "--data", data.toString(), "--out", target.toString()));
    if (!List.of(options).contains("--calibrate")) {
      arguments.addAll(List.of("--calibrate", "24"));
    }
    arguments.addAll(List.of("--validate", "36"));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private Process start(long millisPerGroup, Path target) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SweepCommandTest.class.getName(),
                Long.toString(millisPerGroup)));
    command.addAll(arguments(target, "one", "two", "--resume"));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  private void write(String task, String context, String answer) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      lines
          .append('{')
          .append(context.formatted(i))
          .append(
              ",\"right_%s\":\"r%d\",\"hallucinated_%s\":\"h%d\"}\n"
                  .formatted(answer, i, answer, i));
    }
    Files.writeString(data.resolve(task + ".jsonl"), lines);
  }

  /**
   * Every file but the costs, which are those of this run on this machine, and the report on them.
   */
  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString();
        if (!name.endsWith("costs.json") && !name.startsWith("report")) {
          contents.put(name, HexFormat.of().formatHex(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }

  private static List<String> names(Path checkpoint) throws IOException {
    try (Stream<Path> files = Files.list(checkpoint)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }
}
