package dev.hbar.study.scores;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hbar.model.io.JsonSum;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreInputTest {
  private static final String RIGHT =
      "{\"sample_id\": \"qa_1_cor\", \"label\": 0, \"pri\": 0.5, \"hbar_s\": 2, \"surprise\": 3}";
  private static final String WRONG =
      "{\"sample_id\": \"qa_1_hal\", \"label\": 1, \"grade\": 0.75, \"hbar_s\": 1.5, \"pri\": -1,"
          + " \"surprise\": 4}";

  @TempDir Path folder;

  @Test
  void publishedSamples_haveOurNamesAndAllTheirSignals() throws IOException {
    ScoreColumns columns = read(samples(RIGHT, WRONG));
    assertEquals(List.of("qa_1_cor", "qa_1_hal"), columns.ids());
    assertEquals(List.of("hbar", "pri", "surprise"), List.copyOf(columns.names()));
    assertArrayEquals(new double[] {2, 1.5}, columns.column("hbar"));
    assertArrayEquals(new double[] {0.5, -1}, columns.column("pri"));
    assertArrayEquals(new double[] {3, 4}, columns.column("surprise"));
    assertArrayEquals(new double[] {0, 0.75}, columns.grades());
    assertArrayEquals(new int[] {0, 1}, columns.labels());
    assertEquals(0, columns.failed());
  }

  @Test
  void publishedFile_isItsOwnOrigin() throws IOException {
    String text = "{\"model_path\": \"qwen\", \"scores_by_sample\": [" + RIGHT + "]}";
    ScoreColumns.Origin origin = read(text).origin();
    // sha256sum of the text.
    assertEquals(
        new ScoreColumns.Origin(
            folder.resolve("s.json").toString(),
            "de62a64537c79fc7309ef2d3b7b87a6ad35f162492ca575224ffeda3e85a7b52",
            "qwen",
            Optional.empty()),
        origin);
  }

  @Test
  void fileOfOurs_namesTheScoresItWasMadeOf() throws IOException {
    String from = ", \"%s\": {\"file\": \"%s\", \"file_sha256\": \"0\", \"checkpoint\": \"m\"}";
    String calibrated = from.formatted("calibrated_on", "c.jsonl");
    String validated = from.formatted("validated_on", "v.jsonl");
    assertEquals("c.jsonl", read(samples(RIGHT, WRONG) + calibrated).origin().file());
    assertEquals("v.jsonl", read(samples(RIGHT) + calibrated + validated).origin().file());
    assertEquals(
        folder.resolve("s.json").toString(),
        read(samples(RIGHT) + calibrated + ", \"update\": {}").origin().file(),
        "samples of two files");
  }

  @Test
  void failuresOfTheEvidence_areCounted() throws IOException {
    ScoreColumns columns =
        read(
            samples(RIGHT, WRONG)
                + ", \"evidence\": {\"failures\": {\"too long\": 2, \"empty\": 3}}");
    assertEquals(Map.of("empty", 3L, "too long", 2L), columns.failures());
    assertEquals(5, columns.failed());
  }

  @Test
  void sampleThatDoesNotFit_isNamedWithItsField() throws IOException {
    refused("scores_by_sample[1]: field \"sample_id\" must be a text", RIGHT, "{\"label\": 0}");
    refused(
        "scores_by_sample[2]: sample qa_1_cor occurs twice; remove one of them",
        RIGHT,
        WRONG,
        RIGHT);
    for (String label : List.of("2", "-1", "0.5", "\"1\"")) {
      refused("sample qa_1_cor: field \"label\" must be 0 or 1", label(RIGHT, label));
    }
    String grade = "sample qa_1_cor: field \"grade\" must be from 0 to 1 and of its label";
    for (String wrong : List.of("0, \"grade\": -0.01", "1, \"grade\": 1.01", "0, \"grade\": 0.5")) {
      refused(grade, label(RIGHT, wrong));
    }
    refused(
        "sample qa_1_cor: field \"grade\" must be a finite number, not x",
        label(RIGHT, "0, \"grade\": \"x\""));
    refused(
        "sample qa_1_hal: field \"pri\" must be a finite number",
        RIGHT,
        WRONG.replace("\"pri\": -1,", ""));
    refused(
        "sample qa_1_hal: field \"surprise\" must be a finite number, not Infinity",
        WRONG.replace("4}", "1e999}"));
  }

  @Test
  void gradesAtTheEnds_areRead() throws IOException {
    ScoreColumns columns =
        read(samples(label(RIGHT, "0, \"grade\": 0"), label(WRONG, "1, \"grade\": 1")));
    assertArrayEquals(new double[] {0, 1}, columns.grades());
  }

  @Test
  void fileWithoutSamples_isRefused() throws IOException {
    assertEquals(
        "\"scores_by_sample\" is empty; name a file with scores", refusal(samples() + "}"));
    String neither =
        "is neither a score file (no header in its first line) nor a result with"
            + " \"scores_by_sample\"; name one";
    for (String text :
        List.of("{}", "[1, 2]", "{\"scores_by_sample\": 3}", "{\"a\": {\"header\": 1}}")) {
      assertEquals(neither, refusal(text));
    }
    String broken = refusal("{\"a\": 1,\n \"b\" 2}");
    assertEquals(", line 2: broken JSON: ", broken.substring(0, 23));
  }

  @Test
  void scoreFile_isKnownByItsHeaderAndGroupsItsFailures() throws IOException {
    Path file = folder.resolve("scores.jsonl");
    SampleScore scored = TestRuns.score(List.of(TestRuns.sample(0))).getFirst();
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      journal.append(
          List.of(
              new SampleScore.Failed("a", 0, "too long"),
              scored,
              new SampleScore.Failed("b", 1, "empty"),
              new SampleScore.Failed("c", 1, "too long")));
    }
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      assertEquals(TestRuns.header(), journal.header());
      assertEquals(file, journal.file());
    }
    ScoreColumns columns = ScoreInput.read(file);
    assertEquals(List.of(scored.id()), columns.ids());
    assertEquals(Map.of("empty", 1L, "too long", 2L), columns.failures());
    assertEquals(Optional.of(TestRuns.header()), columns.origin().run());
    assertEquals("tiny", columns.origin().checkpoint());
    assertEquals(file.toString(), columns.origin().file());
    assertEquals("s", ScoreInput.ofRun(file, "s").origin().file());
    String spaced = Files.readString(file).replaceAll("\"sum\":\"[0-9a-f]{8}\",", "");
    Files.writeString(file, " { " + spaced.substring(1));
    assertEquals(List.of(scored.id()), ScoreInput.read(file).ids());
  }

  @Test
  void lineOfASample_isFoundByItsId() throws IOException {
    Path file = folder.resolve("scores.jsonl");
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      journal.append(TestRuns.score(List.of(TestRuns.sample(0), TestRuns.sample(3))));
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(new ScoreFile.Line(2, lines.get(1)), ScoreFile.Line.of(file, "qa_0_cor"));
    assertEquals(new ScoreFile.Line(3, lines.get(2)), ScoreFile.Line.of(file, "qa_1_hal"));
    assertEquals(
        file + ": has no sample qa_1; its 2 ids begin with qa_0_cor, qa_1_hal",
        assertThrows(StudyException.class, () -> ScoreFile.Line.of(file, "qa_1")).getMessage());
  }

  @Test
  void furtherScore_isKeptBesideThoseOfTheTokens() {
    List<TokenSignals> tokens =
        List.of(TokenSignals.of(3, 2, 0.5, 1, 0, 0.1), TokenSignals.of(4, 2, 0.5, 2, 0, 0.1));
    SampleScore.Scored scored =
        (SampleScore.Scored)
            SampleScore.of(
                TestRuns.sample(0),
                9,
                OptionalInt.of(7),
                "eos",
                tokens,
                Map.of(Signal.drift(9), 0.25),
                false);
    assertEquals(2, scored.newTokens());
    assertEquals(0.25, scored.values().get("drift_9"));
    assertEquals(7, scored.values().get(SampleScore.ANSWER_TOKENS));
    assertEquals(9, scored.values().get(SampleScore.PROMPT_TOKENS));
    assertEquals(List.of(), scored.tokens());
  }

  @Test
  void samplesScoredOtherwise_areRefused() throws IOException {
    Path file = folder.resolve("scores.jsonl");
    try (RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      journal.append(TestRuns.score(List.of(TestRuns.sample(0), TestRuns.sample(3))));
    }
    List<String> lines = Files.readString(file).lines().map(JsonSum::without).toList();
    Files.writeString(
        file,
        String.join(
                "\n",
                lines.get(0),
                lines.get(1),
                lines.get(2).replace("\"pri\":", "\"odd\":1,\"pri\":"))
            + "\n");
    assertEquals(
        "sample qa_1_hal has other signals than qa_0_cor; score all samples alike",
        message(file).substring(file.toString().length() + 2));
  }

  private static String samples(String... samples) {
    return "{\"scores_by_sample\": [" + String.join(", ", samples) + "]";
  }

  private static String label(String sample, String label) {
    return sample
        .replaceFirst(", \"grade\": 0.75", "")
        .replaceFirst("\"label\": [01]", "\"label\": " + label);
  }

  private void refused(String problem, String... samples) throws IOException {
    assertEquals(problem, refusal(samples(samples) + "}"));
  }

  private String refusal(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("s.json"), text);
    String message = message(file);
    return message.substring(file.toString().length() + (message.contains(", line") ? 0 : 2));
  }

  private static String message(Path file) {
    return assertThrows(StudyException.class, () -> ScoreInput.read(file)).getMessage();
  }

  private ScoreColumns read(String text) throws IOException {
    String whole = text.endsWith("]}") ? text : text + "}";
    return ScoreInput.read(Files.writeString(folder.resolve("s.json"), whole));
  }
}
