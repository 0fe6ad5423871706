package dev.hbar.study.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hbar.monitor.detect.Detector.DetectorException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTrialTest {
  private static final Path STATES = Path.of("states");
  private static final List<Double> LOG_ODDS =
      List.of(-1.5, -0.2, 0.0, 0.8, -0.7, 1.1, 0.3, -0.4, 2.0, -0.1, 0.6, -2.0);
  private static final int[] LABELS = {0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0};
  private static final int[] RECORDS = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3};

  /** By roc_auc_score, precision_score, recall_score, f1_score of scikit-learn. */
  @Test
  void twelveTokens_haveScikitLearnsFigures() {
    DetectorTrial.TokenTrial trial =
        DetectorTrial.TokenTrial.of(STATES, 5, 1, LABELS, RECORDS, LOG_ODDS);
    assertEquals(12, trial.tokens());
    assertEquals(5, trial.marked());
    assertEquals(0.8285714285714285, trial.figure().auroc(), 1e-15);
    assertEquals(0.5, trial.byProbability().precision(), 0, "log-odds 0 are flagged");
    assertEquals(0.6, trial.byProbability().recall(), 1e-15);
    assertEquals(0.5454545454545454, trial.byProbability().f1(), 1e-15);
    assertEquals(new DetectorTrial.TokenTrial.Flags(-0.2, 0.625, 1, 10 / 13.0), trial.best());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void tokensOfOneKind_areRefused(int label) {
    int[] labels = {label, label, label};
    DetectorException refused =
        assertThrows(
            DetectorException.class,
            () ->
                DetectorTrial.TokenTrial.of(
                    STATES, 1, 0, labels, new int[3], List.of(-1.0, 1.0, 2.0)));
    assertEquals(
        "states: %s of 3 tokens are marked, and a test needs both kinds; keep states of other answers"
            .formatted(3 * label),
        refused.getMessage());
  }
}
