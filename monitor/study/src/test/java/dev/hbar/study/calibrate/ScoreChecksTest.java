package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.TestRuns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ScoreChecksTest {
  private static final Path FILE = Path.of("params.json");

  @TempDir Path folder;

  @Test
  void checkpointOfTheSameHash_mayHaveAnotherName() throws Exception {
    ScoreChecks.requireCalibratedOn(FILE, calibratedOn("abc"), "a-copy", () -> "abc");
  }

  @Test
  void otherHash_isRefusedByName() throws Exception {
    Parameters parameters = calibratedOn("abc");
    Calibration.UnusableScores refused =
        assertThrows(
            Calibration.UnusableScores.class,
            () -> ScoreChecks.requireCalibratedOn(FILE, parameters, "tiny", () -> "abd"));
    assertEquals(
        "params.json: calibrated on tiny (abc), and this is tiny (abd); calibrate it, or use"
            + " --params-any-checkpoint",
        refused.getMessage());
  }

  private static ScoreColumns scores(int scored, Map<String, Long> failures, ScoreFile.Header run) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < scored; i++) {
      rows.add(new Scored("qa_" + i + "_cor", i % 2, Map.of("hbar", 1.0 + i, "pri", 2.0)));
    }
    ScoreColumns.Origin origin =
        new ScoreColumns.Origin(
            "s.jsonl", "0", run == null ? "" : run.checkpoint(), Optional.ofNullable(run));
    return new ScoreColumns(origin, rows, failures);
  }

  private static String refusal(Executable check) {
    return assertThrows(Calibration.UnusableScores.class, check).getMessage();
  }

  @Test
  void unfinishedRun_isRefusedAndTheLastSampleFinishesIt() {
    ScoreFile.Header run = TestRuns.header();
    int wanted = run.selection().samples();
    Map<String, Long> two = Map.of("too long", 2L);
    ScoreChecks.requireComplete(scores(wanted - 2, two, run));
    ScoreChecks.requireComplete(scores(wanted, Map.of(), run));
    ScoreChecks.requireComplete(scores(1, Map.of(), null));
    String message = refusal(() -> ScoreChecks.requireComplete(scores(wanted - 3, two, run)));
    assertEquals(
        "s.jsonl: holds %s of %s samples; finish the run with the same hbar score command, or use --partial"
            .formatted(wanted - 1, wanted),
        message);
  }

  @Test
  void failures_areRefusedAboveTheirShareOnly() {
    Map<String, Long> failures = new LinkedHashMap<>();
    failures.put("rare", 1L);
    failures.put("frequent", 3L);
    failures.put("other", 1L);
    ScoreColumns scores = scores(15, failures, null);
    ScoreChecks.requireFewFailures(scores, 0.25);
    assertEquals(
        "s.jsonl: 5 of 20 samples failed, more than 12.5 % (3 x frequent); mend that and score"
            + " again, or raise --max-failures",
        refusal(() -> ScoreChecks.requireFewFailures(scores, 0.125)));
    assertEquals(
        "s.jsonl: holds no sample; score some",
        refusal(() -> ScoreChecks.requireFewFailures(scores(0, Map.of(), null), 1)));
  }

  @Test
  void scoresOfAnotherCheckpoint_areRefusedByHashThenByName() throws Exception {
    Parameters hashed = calibratedOn("a1");
    ScoreChecks.requireSameCheckpoint(scores(2, Map.of(), TestRuns.header("a1", 20)), hashed);
    assertEquals(
        "s.jsonl: scores of another checkpoint than the parameters': tiny (b2) here, tiny (a1)"
            + " there; calibrate this one, or use --any-checkpoint",
        refusal(
            () ->
                ScoreChecks.requireSameCheckpoint(
                    scores(2, Map.of(), TestRuns.header("b2", 20)), hashed)));
    Parameters named = published(", \"calibrated_on\": {\"file\": \"f\", \"checkpoint\": \"big\"}");
    ScoreChecks.requireSameCheckpoint(scores(2, Map.of(), null), named);
    assertEquals(
        "s.jsonl: scores of another checkpoint than the parameters': tiny here, big there;"
            + " calibrate this one, or use --any-checkpoint",
        refusal(
            () ->
                ScoreChecks.requireSameCheckpoint(
                    scores(2, Map.of(), TestRuns.header("b2", 20)), named)));
    ScoreChecks.requireSameCheckpoint(scores(2, Map.of(), TestRuns.header()), published(""));
  }

  @Test
  void parametersWithoutAHash_areComparedByName() throws Exception {
    Parameters named = published(", \"calibrated_on\": {\"file\": \"f\", \"checkpoint\": \"big\"}");
    ScoreChecks.requireCalibratedOn(FILE, named, "big", () -> fail("not asked for"));
    String refused =
        refusal(() -> ScoreChecks.requireCalibratedOn(FILE, named, "small", () -> "x"));
    assertTrue(refused.contains("calibrated on big (no hash), and this is small"), refused);
  }

  private Parameters published(String more) throws Exception {
    String json =
        """
        {"tau_hbar": 2.5, "tau_pri": 0.8,
         "joint_model_weights": {"w_hbar": 1, "w_pri": 1, "intercept": 0}%s}
        """
            .formatted(more);
    return Parameters.read(Files.writeString(folder.resolve("n.json"), json));
  }

  private Parameters calibratedOn(String sha256) throws Exception {
    String json =
        """
        {"tau_hbar": 2.5, "tau_pri": 0.8,
         "joint_model_weights": {"w_hbar": 1, "w_pri": 1, "intercept": 0},
         "calibrated_on": {"file": "f", "file_sha256": "0", "checkpoint": "tiny",
           "run": {"checkpoint": "tiny", "checkpoint_sha256": "%s", "data_sha256": {},
             "protocol": "pairs-v1", "selection": {"set": "train", "n": 200, "seed": 42},
             "settings": {"max_tokens": 20, "signals": ["hbar"]}, "versions": {}}}}
        """
            .formatted(sha256);
    return Parameters.read(Files.writeString(folder.resolve("p.json"), json));
  }
}
