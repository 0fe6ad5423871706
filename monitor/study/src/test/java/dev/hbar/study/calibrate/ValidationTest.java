package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.TestRuns;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of parameters on samples they were or were not calibrated on. */
class ValidationTest {
  private static final Bootstrap.Settings FEW = new Bootstrap.Settings(20, 1, 0.95);

  @TempDir Path folder;

  private static ScoreFile.Header on(String data, String protocol) {
    ScoreFile.Header run = TestRuns.header();
    return new ScoreFile.Header(
        run.checkpoint(),
        run.checkpointSha256(),
        Map.of(data, "d1"),
        protocol,
        run.selection(),
        run.settings(),
        run.versions());
  }

  private static ScoreColumns scores(String prefix, double shift, ScoreFile.Header run) {
    Random random = new Random(3);
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      double wrong = i % 2 * shift;
      double hbar = 2 + random.nextGaussian() / 3 - wrong;
      double pri = 1 + random.nextGaussian() / 3 + wrong;
      rows.add(new Scored(prefix + i, i % 2, Map.of("hbar", hbar, "pri", pri)));
    }
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "tiny", Optional.of(run)), rows, Map.of());
  }

  private static Parameters parameters(double shift, ScoreFile.Header run) {
    return Calibration.of(scores("old_", shift, run), Calibration.PolarityRule.STUDY, FEW);
  }

  private static Validation validated(ScoreColumns scores, Parameters parameters) {
    return Validation.of(scores, parameters, "p.json", FEW);
  }

  @Test
  void samplesOfTheCalibration_areTheFirstWarning() {
    ScoreFile.Header run = on("qa", "pairs-v1");
    Parameters parameters = parameters(1, run);
    Validation same = validated(scores("old_", 1, run), parameters);
    assertEquals(
        "40 of 40 samples were calibrated on: these figures are too good",
        same.warnings().getFirst());
    Validation other = validated(scores("new_", 1, run), parameters);
    assertFalse(other.warnings().toString().contains("calibrated on"), other.warnings() + "");
    assertEquals(Optional.of(20), other.maxTokens());
    assertEquals("tiny", other.modelPath());
  }

  @Test
  void otherDataOrProtocol_isAWarning() {
    Parameters parameters = parameters(1, on("qa", "pairs-v1"));
    String data = validated(scores("n_", 1, on("dialogue", "pairs-v1")), parameters) + "";
    assertTrue(data.contains("on other data: qa (pairs-v1) there, dialogue (pairs-v1) here"), data);
    String protocol = validated(scores("n_", 1, on("qa", "pairs-v2")), parameters) + "";
    assertTrue(protocol.contains("qa (pairs-v1) there, qa (pairs-v2) here"), protocol);
  }

  @Test
  void thresholdsAndTheirBestOnTest_areThoseOfTheRules() {
    Parameters parameters = parameters(1, on("qa", "pairs-v1"));
    ScoreColumns fresh = scores("n_", 0.5, on("qa", "pairs-v1"));
    Validation validation = validated(fresh, parameters);
    assertEquals(parameters.tauHbar(), validation.calibratedThresholds().tauHbar());
    assertEquals(parameters.tauPri(), validation.calibratedThresholds().tauPri());
    assertEquals(parameters.jointThreshold(), validation.calibratedThresholds().tauJoint());
    FlagRule.Found pri = FlagRule.best(fresh, "pri", parameters.polarityOf("pri"));
    assertEquals(pri.flag().tau(), validation.bestOnTestSweep().priAlone().bestTauTest());
    assertEquals(pri.precision(), validation.bestOnTestSweep().priAlone().bestPrecisionTest());
    FlagRule.Performance performance = FlagRule.Performance.of(fresh, parameters.hbarFlag());
    assertEquals(
        performance.recall(), validation.performanceAtCalibratedThresholds().hbarAlone().recall());
  }

  @Test
  void parametersOfSeparatedSamples_mayHaltAndThoseOfEqualOnesMayNot() {
    ScoreFile.Header run = on("qa", "pairs-v1");
    Parameters good = parameters(3, run);
    assertEquals(Optional.empty(), good.thresholdTooLax("hbar"));
    assertEquals(Optional.empty(), good.thresholdTooLax("pri"));
    assertEquals(Optional.empty(), good.thresholdTooLax(Signal.JOINT.id()));
    assertEquals(Optional.empty(), good.unfitToHalt("pri"));
    Parameters blind = parameters(0, run);
    for (String signal : List.of("hbar", "pri", Signal.JOINT.id())) {
      String lax = blind.thresholdTooLax(signal).orElseThrow();
      assertTrue(lax.startsWith("its threshold on " + signal + " flags "), lax);
    }
    Parameters turned = parameters(-2, run);
    assertTrue(turned.isTurnedRound("pri"));
    assertEquals(
        Optional.of("pri ranked its samples the wrong way round; calibrate with --polarity fitted"),
        turned.unfitToHalt("pri"));
    assertFalse(good.isTurnedRound("pri"));
    assertFalse(good.isTurnedRound("nothing"));
  }

  @Test
  void writtenParameters_areReadAsTheyWere() {
    Parameters parameters = parameters(1, on("qa", "pairs-v1"));
    Path file = folder.resolve("p.json");
    parameters.write(file);
    Parameters read = Parameters.read(file);
    assertEquals(parameters.tauHbar(), read.tauHbar());
    assertEquals(parameters.tauJoint(), read.tauJoint());
    assertEquals(parameters.jointModelWeights(), read.jointModelWeights());
    assertEquals(parameters.polarity(), read.polarity());
    assertEquals(parameters.scoresBySample().size(), read.scoresBySample().size());
    assertEquals("study", parameters.rule().toString());
  }
}
