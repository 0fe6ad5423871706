package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.dataset.Selection;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
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
            List.of(new ScoreCommand(environment, new ArithmeticBackend(nanos))));
    System.exit(code);
  }

  @BeforeEach
  void writeData() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append(
          """
          {"knowledge":"k%d","question":"q","right_answer":"a","hallucinated_answer":"b"}
          """
              .formatted(i));
    }
    data = Files.writeString(folder.resolve("qa.jsonl"), lines);
    out = folder.resolve("scores.jsonl");
  }

  @Test
  void records_becomeTwoScoresEach() {
    CommandRun run = score("tiny", "--skip", "3", "--limit", "5", "--per-token");
    assertEquals(0, run.code(), run.err());
    assertEquals("10 samples in " + out + ", 0 failed", run.out().strip());
    ScoreFile file = ScoreFile.read(out);
    assertEquals("qa_3_cor", file.scores().getFirst().id());
    assertEquals("qa_7_hal", file.scores().getLast().id());
    assertEquals(new Selection.Slice("qa", 3, 5), file.header().selection());
    assertEquals(4, file.header().settings().groupSize());
    assertEquals(1, ((SampleScore.Scored) file.scores().getFirst()).tokens().size());
  }

  @Test
  void protocolRun_saysInItsHeaderWhatWasDrawn() throws IOException {
    Path files = Files.createDirectory(folder.resolve("halueval"));
    Files.copy(data, files.resolve("qa.jsonl"));
    writeRecords(files.resolve("dialogue.jsonl"), "dialogue_history", "response");
    writeRecords(files.resolve("summarization.jsonl"), "document", "summary");
    CommandRun run =
        CommandRun.of(
            environment -> List.of(new ScoreCommand(environment, new ArithmeticBackend(0))),
            "score",
            "tiny",
            "--data",
            files + "",
            "--set",
            "test",
            "--n",
            "10",
            "--out",
            out + "");
    assertEquals(0, run.code(), run.err());
    ScoreFile file = ScoreFile.read(out);
    assertEquals("pairs-v1", file.header().protocol());
    assertEquals(new Selection.Drawn("test", 10, 42), file.header().selection());
    assertEquals(3, file.header().dataSha256().size());
    assertEquals(10, file.scores().size());
  }

  @Test
  void sameCommandAgain_addsNothing() throws IOException {
    score("tiny");
    byte[] before = Files.readAllBytes(out);
    CommandRun again = score("tiny");
    assertEquals(
        "60 samples in " + out + ", 0 failed, 60 from an earlier run", again.out().strip());
    assertArrayEquals(before, Files.readAllBytes(out));
  }

  @Test
  void otherSettings_areRefusedByName() {
    score("tiny");
    CommandRun other = score("tiny", "--alpha", "0.2");
    assertEquals(1, other.code());
    assertEquals(
        "hbar: "
            + out
            + ": is of another run: settings.alpha is 0.1 there and 0.2 here; choose another --out",
        other.err().strip());
  }

  @Test
  void everySampleFailed_isAFailure() {
    CommandRun run = score("broken");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("hbar: every sample failed"), run.err());
    assertTrue(run.out().contains("60 failed"), run.out());
  }

  @Test
  void nonsenseValues_areWrongUsage() {
    for (List<String> options :
        List.of(
            List.of("--limit", "0"),
            List.of("--skip", "-1"),
            List.of("--max-tokens", "0"),
            List.of("--alpha", "NaN"),
            List.of("--batch", "0"),
            List.of("--task", "poems"),
            List.of("--samples", "3"),
            List.of("--temperature", "0.5", "--answers", "given"),
            List.of("--sampling-seed", "42"),
            List.of("--samples", "1", "--answers", "sampled"),
            List.of("--samples", "101", "--answers", "sampled"),
            List.of("--temperature", "0", "--answers", "sampled"))) {
      CommandRun run = score("tiny", options.toArray(String[]::new));
      assertEquals(2, run.code(), options.toString());
      assertEquals(1, run.err().lines().count(), run.err());
      assertTrue(run.err().contains(options.getFirst()), run.err());
    }
    assertFalse(Files.exists(out));
  }

  @Test
  void outInAMissingFolder_isRefusedBeforeTheModelLoads() {
    out = folder.resolve("none").resolve("scores.jsonl");
    CommandRun run = score("tiny");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("does not exist; create it first"), run.err());
  }

  @Test
  void terminateSignal_finishesTheStepAndResumesToTheSameBytes() throws Exception {
    Path unbroken = out.resolveSibling("unbroken.jsonl");
    assertEquals(0, start(0, unbroken).waitFor());
    Process child = start(30, out);
    awaitSamples(4);
    child.destroy();
    assertEquals(143, child.waitFor());
    String said = Files.readString(folder.resolve("stderr"));
    assertTrue(said.contains("hbar: stopping after this step"), said);
    assertTrue(said.contains("hbar: interrupted after "), said);
    int done = ScoreFile.read(out).scores().size();
    assertTrue(done > 0 && done < 60 && done % 4 == 0, done + " samples");

    assertEquals(0, start(0, out).waitFor());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(out));
  }

  @Test
  void signalInALongStep_endsTheProcessInASecondAndTheRunGoesOn() throws Exception {
    Path unbroken = out.resolveSibling("unbroken.jsonl");
    assertEquals(0, start(0, unbroken).waitFor());
    Process child = start(60_000, out);
    Path said = folder.resolve("stderr");
    awaitText(said, "score: 0 of 60");
    child.destroy();
    assertTrue(child.waitFor(10, TimeUnit.SECONDS), "still running");
    assertEquals(143, child.exitValue());
    assertTrue(
        Files.readString(said)
            .endsWith(
                "hbar: interrupted after 0 of 60 samples; run the same command again to resume\n"),
        Files.readString(said));

    assertEquals(0, start(0, out).waitFor());
    assertArrayEquals(Files.readAllBytes(unbroken), Files.readAllBytes(out));
  }

  @Test
  void secondSignal_endsTheProcessAtOnce() throws Exception {
    Process child = start(60_000, out);
    Path said = folder.resolve("stderr");
    awaitText(said, "score: 0 of 60");
    child.destroy();
    awaitText(said, "press Ctrl-C again");
    child.destroy();
    assertTrue(child.waitFor(20, TimeUnit.SECONDS), "still running");
    assertEquals(143, child.exitValue());
  }

  private static void writeRecords(Path file, String context, String judged) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      lines.append(
          "{\"%s\":\"c%d\",\"right_%s\":\"a\",\"hallucinated_%s\":\"b\"}%n"
              .formatted(context, i, judged, judged));
    }
    Files.writeString(file, lines);
  }

  private CommandRun score(String checkpoint, String... options) {
    List<String> args = new ArrayList<>(arguments(checkpoint, out));
    if (List.of(options).contains("--task")) {
      args.subList(args.indexOf("--task"), args.indexOf("--task") + 2).clear();
    }
    args.addAll(List.of(options));
    return CommandRun.of(
        environment -> List.of(new ScoreCommand(environment, new ArithmeticBackend(0))),
        args.toArray(String[]::new));
  }

  private List<String> arguments(String checkpoint, Path target) {
    return List.of(
        "score", checkpoint, "--data", data + "", "--task", "qa", "--out", target.toString());
  }

  private Process start(long millisPerGroup, Path target) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ScoreCommandTest.class.getName(),
                Long.toString(millisPerGroup)));
    command.addAll(arguments("tiny", target));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  private void awaitSamples(int samples) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(out) || Files.readAllLines(out).size() <= samples) {
      assertTrue(System.nanoTime() < deadline, "the child does not write");
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static void awaitText(Path file, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertTrue(System.nanoTime() < deadline, "never said: " + text);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
