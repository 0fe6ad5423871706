package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultRoundTripTest {
  private static final Bootstrap.Settings FEW = new Bootstrap.Settings(50, 7, 0.95);

  @TempDir Path folder;

  @Test
  void parameters_areReadAsTheyWereWritten() throws Exception {
    Parameters written = Calibration.of(qwen(), Calibration.PolarityRule.STUDY, FEW);
    Path file = folder.resolve("params.json");
    ResultFile.write(file, written);
    Parameters read = Parameters.read(file);
    assertEquals(ResultFile.json(written), ResultFile.json(read));
    assertEquals(written.polarity(), read.polarity());
    assertEquals(written.scoresBySample(), read.scoresBySample());
  }

  @Test
  void sameScoresAndSeed_giveTheSameBytes() throws Exception {
    assertEquals(
        ResultFile.json(Calibration.of(qwen(), Calibration.PolarityRule.STUDY, FEW)),
        ResultFile.json(Calibration.of(qwen(), Calibration.PolarityRule.STUDY, FEW)));
  }

  @Test
  void result_canBeValidatedAgainFromItsOwnSamples() throws Exception {
    Parameters parameters = Calibration.of(qwen(), Calibration.PolarityRule.STUDY, FEW);
    Validation first = Validation.of(qwen(), parameters, "params.json", FEW);
    Path file = folder.resolve("result.json");
    ResultFile.write(file, first);
    Validation read = ResultFile.bind(file, ResultFile.read(file), Validation.class);
    assertEquals(ResultFile.json(first), ResultFile.json(read));
    Validation again = Validation.of(ScoreInput.read(file), parameters, "params.json", FEW);
    assertEquals(first.evidence(), again.evidence());
  }

  private static ScoreColumns qwen() throws Exception {
    return ScoreInput.read(
        Path.of(
            ResultRoundTripTest.class
                .getResource("/study/qwen-2.5-7b_validation_n500.json")
                .toURI()));
  }
}
