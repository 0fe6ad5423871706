package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.dataset.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  @TempDir Path folder;
  private Path scores;
  private Path params;
  private Path out;

  @BeforeEach
  void calibrate() {
    scores = folder.resolve("scores.jsonl");
    params = folder.resolve("params.json");
    out = folder.resolve("result.json");
    Selection train = new Selection.Drawn("train", 40, 42);
    ScoreFiles.write(scores, "c", train, ScoreFiles.overlapping(20));
    CommandRun run =
        CommandRun.of(
            "calibrate", "--scores", scores + "", "--out", params + "", "--resamples", "20");
    assertEquals(0, run.code(), run.err());
  }

  @Test
  void result_hasThePublishedKeysFirstAndEverySample() throws IOException {
    CommandRun run = validate();
    assertEquals(0, run.code(), run.err());
    JsonNode result = new ObjectMapper().readTree(out.toFile());
    assertEquals(40, result.get("n_test_samples").intValue());
    assertEquals(20, result.get("max_tokens").intValue());
    assertEquals(
        result.at("/calibrated_thresholds/tau_pri"),
        new ObjectMapper().readTree(params.toFile()).get("tau_pri"));
    JsonNode first = result.at("/scores_by_sample/0");
    assertEquals("qa_0_cor", first.get("sample_id").textValue());
    for (String column : List.of("hbar_s", "pri", "surprise", "prompt_tokens", "joint")) {
      assertTrue(first.has(column), first.toString());
    }
    assertTrue(run.out().contains("best tau on this very set"), run.out());
  }

  @Test
  void calibrationSamplesAmongTheTested_areWarnedOf() throws IOException {
    CommandRun run = validate();
    String warning = "40 of 40 samples were calibrated on: these figures are too good";
    assertTrue(run.out().startsWith("warning: " + warning), run.out());
    assertEquals(warning, new ObjectMapper().readTree(out.toFile()).at("/warnings/0").textValue());
  }

  @Test
  void scoresOfAnotherCheckpoint_areRefusedUnlessTold() {
    scores = folder.resolve("others.jsonl");
    ScoreFiles.write(
        scores, "another", new Selection.Drawn("test", 40, 42), ScoreFiles.overlapping(20));
    CommandRun run = validate();
    assertEquals(1, run.code());
    assertEquals(
        "hbar: "
            + scores
            + ": scores of another checkpoint than the parameters': tiny (another) here, tiny (c)"
            + " there; calibrate this one, or use --any-checkpoint",
        run.err().strip());
    assertFalse(Files.exists(out));
    assertEquals(0, validate("--any-checkpoint").code());
  }

  @Test
  void wrongFileAsParameters_namesTheField() throws IOException {
    validate();
    params = out;
    out = folder.resolve("other.json");
    CommandRun run = validate();
    assertEquals(1, run.code());
    assertTrue(
        run.err()
            .contains("field \"tau_hbar\" must be a number; is this a file of hbar calibrate?"),
        run.err());
    params = Files.writeString(folder.resolve("half.json"), "{\"tau_hbar\": 1.5,");
    assertTrue(validate().err().contains("half.json: broken JSON"), validate().err());
  }

  @Test
  void scoresOfAnotherDataset_areWarnedOf() throws IOException {
    // Without sums in header and lines they are not checked.
    String lines = Files.readString(scores).replaceAll("\"sum\":\"[0-9a-f]{8}\",", "");
    Files.writeString(
        scores, lines.replaceFirst("\"data_sha256\":\\{\"qa\"", "\"data_sha256\":{\"truthfulqa\""));
    assertTrue(
        validate()
            .out()
            .contains(
                "warning: the parameters were calibrated on other data: qa (halueval-judgement)"
                    + " there, truthfulqa (halueval-judgement) here"));
  }

  @Test
  void promise_isOneLinePerSignal() {
    List<String> lines = validate("--promise", "0.6").out().lines().toList();
    List<String> promises = lines.subList(lines.size() - 3, lines.size());
    for (int i = 0; i < 3; i++) {
      String signal = List.of("hbar", "pri", "joint").get(i);
      assertTrue(
          promises
              .get(i)
              .matches(
                  "(with %1$s [<>] -?[0-9.]+ at most 60 %% of the answers are wrong, confidence 90 %%.*|no threshold on %1$s keeps at most 60 %% wrong .*)"
                      .formatted(signal)),
          promises.get(i));
    }
    assertEquals(2, validate("--promise", "1").code());
  }

  private CommandRun validate(String... options) {
    List<String> args = new ArrayList<>(List.of("validate", "--scores", scores.toString()));
    args.addAll(List.of("--params", params + "", "--out", out + "", "--resamples", "20"));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }
}
