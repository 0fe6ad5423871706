package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.dataset.Selection;
import dev.hbar.study.scores.SampleScore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
  private static final int RECORDS = 30;

  @TempDir Path folder;
  private Path scores;
  private Path out;

  @BeforeEach
  void writeScores() {
    scores = write(ScoreFiles.overlapping(RECORDS), 2 * RECORDS);
    out = folder.resolve("params.json");
  }

  @Test
  void scoreFile_becomesParametersWithProvenance() throws IOException {
    CommandRun run = calibrate();
    assertEquals(0, run.code(), run.err());
    JsonNode params = new ObjectMapper().readTree(out.toFile());
    List<String> names = new ArrayList<>();
    params.fieldNames().forEachRemaining(names::add);
    assertEquals(
        List.of(
            "auroc_hbar",
            "auroc_pri",
            "auroc_joint",
            "tau_hbar",
            "tau_pri",
            "joint_model_weights",
            "best_precision_hbar",
            "best_precision_pri",
            "best_precision_joint"),
        names.subList(0, 9));
    assertEquals("low", params.at("/polarity/hbar").textValue());
    assertEquals("c", params.at("/calibrated_on/run/checkpoint_sha256").textValue());
    assertEquals(42, params.at("/calibrated_on/run/selection/seed").intValue());
    assertEquals(2 * RECORDS, params.get("scores_by_sample").size());
    assertTrue(params.at("/intervals/auroc_pri/low").doubleValue() > 0.5);
    assertTrue(run.out().startsWith("flag if"), run.out());
    assertTrue(run.out().contains("60 samples of 30 records"), run.out());
  }

  @Test
  void polarity_isTheStudysUnlessItIsFitted() throws IOException {
    assertEquals(0, calibrate("--polarity", "fitted").code());
    assertEquals("fitted", new ObjectMapper().readTree(out.toFile()).get("polarity_rule").asText());
    calibrate();
    assertEquals("study", new ObjectMapper().readTree(out.toFile()).get("polarity_rule").asText());
    CommandRun wrong = calibrate("--polarity", "low");
    assertEquals(2, wrong.code());
    assertTrue(wrong.err().contains("'low' is neither study nor fitted"), wrong.err());
    CommandRun both = calibrate("--polarity", "study", "--update", "older.json");
    assertEquals(2, both.code());
    assertTrue(both.err().contains("--polarity does not go with --update"), both.err());
  }

  @Test
  void surpriseAndLengths_areTheBaselines() throws IOException {
    calibrate();
    JsonNode signals = new ObjectMapper().readTree(out.toFile()).at("/evidence/signals");
    JsonNode pri =
        StreamSupport.stream(signals.spliterator(), false)
            .filter(signal -> signal.get("signal").asText().equals("pri"))
            .findFirst()
            .orElseThrow();
    List<String> baselines = new ArrayList<>();
    pri.get("comparisons").forEach(one -> baselines.add(one.get("baseline").asText()));
    assertEquals(
        List.of("chance", "surprise", "answer_tokens", "prompt_tokens", "new_tokens"), baselines);
  }

  @Test
  void json_isTheFile() throws IOException {
    CommandRun run = calibrate("--json");
    assertEquals(Files.readString(out), run.out());
  }

  @Test
  void oneClass_isRefused() {
    List<SampleScore> right =
        ScoreFiles.overlapping(RECORDS).stream().filter(s -> s.label() == 0).toList();
    scores = write(right, RECORDS);
    assertRefused("has 30 scored right answers and 0 hallucinated ones; at least 5 of each");
  }

  @Test
  void emptySet_isRefused() {
    scores = write(List.of(), 0);
    assertRefused("holds no sample");
  }

  @Test
  void unfinishedRun_isRefusedUnlessPartial() throws IOException {
    String text = Files.readString(scores);
    // Half a line at the end, as a killed run leaves it.
    Files.writeString(scores, text.substring(0, text.length() - 40));
    assertRefused("holds 59 of 60 samples; finish the run");
    assertEquals(0, calibrate("--partial").code());
  }

  @Test
  void brokenLine_isNamedByItsNumber() throws IOException {
    alter(7, line -> line.substring(0, 50));
    assertRefused("scores.jsonl, line 7: broken JSON");
  }

  @Test
  void changedDigit_isRefusedByItsChecksum() throws IOException {
    String text = Files.readString(scores);
    int at = text.lastIndexOf("\"label\":0");
    Files.writeString(scores, text.substring(0, at) + "\"label\":1" + text.substring(at + 9));
    assertRefused(": its checksum does not fit");
  }

  @Test
  void missingField_isNamed() throws IOException {
    alter(9, line -> line.replace("\"pri\"", "\"prii\""));
    assertRefused("line 9: sample qa_3_hal: field \"pri\" must be a finite number");
  }

  @Test
  void nan_isRefusedBySampleId() throws IOException {
    alter(5, line -> line.replaceFirst("\"hbar\":[^,]*", "\"hbar\":NaN"));
    assertRefused("sample qa_1_hal: field \"hbar\" must be a finite number");
  }

  @Test
  void duplicateId_isRefused() throws IOException {
    alter(4, line -> line.replace("qa_1_cor", "qa_0_cor"));
    assertRefused("line 4: id qa_0_cor is already in line 2");
  }

  @Test
  void anotherKindOfFile_isRefused() throws IOException {
    calibrate();
    Path data = Files.writeString(folder.resolve("qa.json"), "{\"knowledge\":\"k\"}\n");
    scores = data;
    out = folder.resolve("other.json");
    assertRefused("is neither a score file");
    scores = folder.resolve("none.jsonl");
    assertRefused("none.jsonl: no such file; check its name");
  }

  @Test
  void failuresAboveTheShare_areRefusedWithTheirReason() throws IOException {
    List<SampleScore> some = new ArrayList<>(ScoreFiles.overlapping(RECORDS));
    IntStream.range(0, 3)
        .forEach(i -> some.set(i, new SampleScore.Failed("f" + i, i % 2, "non-finite logits")));
    scores = write(some, 2 * RECORDS);
    assertRefused("3 of 60 samples failed, more than 2 % (3 x non-finite logits)");
    CommandRun run = calibrate("--max-failures", "0.05");
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("warning: 3 of 60 samples failed"), run.out());
    JsonNode params = new ObjectMapper().readTree(out.toFile());
    assertEquals(3, params.at("/evidence/failures/non-finite logits").intValue());
    assertEquals(57, params.get("scores_by_sample").size());
  }

  @Test
  void everySampleFailed_isNoCalibration() {
    scores =
        write(List.of(new SampleScore.Failed("a", 0, "x"), new SampleScore.Failed("b", 1, "x")), 2);
    assertRefused("2 of 2 samples failed");
  }

  @Test
  void leak_isWarnedOfWithTheControlTable() {
    List<SampleScore> separated = ScoreFiles.separatedByPri(20).subList(0, 40);
    scores = write(separated, 40);
    CommandRun run = calibrate();
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("warning: pri reaches AUROC 1.000"), run.out());
    assertTrue(run.out().contains("place in the file"), run.out());
  }

  @Test
  void fullDisk_isOneLine() {
    out = Path.of("/dev/full");
    assumeTrue(Files.exists(out), "only Linux has a full device");
    CommandRun run = calibrate();
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("/dev/full: cannot be written (No space left"), run.err());
    assertFalse(Files.isRegularFile(out));
  }

  @Test
  void failedWriting_leavesTheOldParameters() throws IOException {
    calibrate();
    String before = Files.readString(out);
    // The name of the temporary file is taken by a folder, so the new file cannot be made.
    Files.createDirectory(folder.resolve("params.json.part"));
    assertRefused("cannot be written");
    assertEquals(before, Files.readString(out));
  }

  @Test
  void update_showsDriftAndTheVerdict() throws IOException {
    calibrate();
    Path older = out;
    out = folder.resolve("newer.json");
    CommandRun run = calibrate("--update", older.toString());
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().startsWith("no drift is seen; the old thresholds still hold"), run.out());
    assertTrue(run.out().contains("60 old samples (60 of them replaced) and 60 new"), run.out());
    JsonNode params = new ObjectMapper().readTree(out.toFile());
    assertEquals("c", params.at("/update/previous/run/checkpoint_sha256").textValue());
  }

  @Test
  void updateWithAnotherCheckpoint_isRefused() {
    calibrate();
    Path older = out;
    out = folder.resolve("newer.json");
    scores = folder.resolve("other.jsonl");
    ScoreFiles.write(
        scores, "z", new Selection.Drawn("train", 60, 42), ScoreFiles.overlapping(RECORDS));
    CommandRun run = calibrate("--update", older.toString());
    assertEquals(1, run.code());
    assertTrue(run.err().contains("another checkpoint"), run.err());
  }

  @Test
  void nonsenseValues_areWrongUsage() {
    for (String[] options :
        new String[][] {{"--resamples", "1"}, {"--max-failures", "2"}, {"--new-only"}}) {
      CommandRun run = calibrate(options);
      assertEquals(2, run.code());
      assertTrue(run.err().contains(options[0]), run.err());
    }
  }

  private void assertRefused(String words) {
    CommandRun run = calibrate();
    assertEquals(1, run.code(), run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("hbar: "), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertTrue(run.out().isEmpty(), run.out());
  }

  private CommandRun calibrate(String... options) {
    List<String> args = new ArrayList<>(List.of("calibrate", "--scores", scores.toString()));
    args.addAll(List.of("--out", out.toString()));
    if (!List.of(options).contains("--resamples")) {
      args.addAll(List.of("--resamples", "40"));
    }
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private Path write(List<SampleScore> samples, int expected) {
    Path file = folder.resolve("scores.jsonl");
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ScoreFiles.write(file, "c", new Selection.Drawn("train", expected, 42), samples);
  }

  private void alter(int lineNumber, UnaryOperator<String> change) throws IOException {
    // As a file from before there were checksums: with them every change is refused alike.
    String unsummed = Files.readString(scores).replaceAll("\"sum\":\"[0-9a-f]{8}\",", "");
    List<String> lines = new ArrayList<>(unsummed.lines().toList());
    lines.set(lineNumber - 1, change.apply(lines.get(lineNumber - 1)));
    Files.write(scores, lines);
  }
}
