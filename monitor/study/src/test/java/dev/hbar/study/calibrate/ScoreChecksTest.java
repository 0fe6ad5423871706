package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
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
