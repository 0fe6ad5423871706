package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UpdateTest {
  private static final Bootstrap.Settings FEW = new Bootstrap.Settings(20, 1, 0.95);

  @Test
  void sameDistribution_showsNoDriftAndKeepsTheThresholds() {
    Parameters older = Calibration.of(samples("a", 150, 1, 0), Calibration.PolarityRule.STUDY, FEW);
    Parameters updated = Update.apply("p.json", older, samples("b", 150, 2, 0), true, FEW);
    Update update = updated.update().orElseThrow();
    assertEquals("no drift is seen; the old thresholds still hold", update.verdict());
    assertEquals(300, updated.scoresBySample().size());
    assertEquals(0, update.replaced());
    for (Update.Drift drift : update.drift()) {
      assertTrue(drift.interval().low() < drift.shift(), drift.toString());
      assertTrue(drift.interval().low() < 0 && drift.interval().high() > 0, drift.toString());
    }
  }

  @Test
  void shiftedPri_isDriftAndBreaksItsThresholdOnly() {
    Parameters older = Calibration.of(samples("a", 150, 1, 0), Calibration.PolarityRule.STUDY, FEW);
    Update update =
        Update.apply("p.json", older, samples("b", 150, 2, -0.8), true, FEW).update().orElseThrow();
    Update.Drift pri = drift(update, "pri");
    assertTrue(pri.isDrift());
    assertEquals(-0.8, pri.shift(), 0.15);
    assertTrue(pri.interval().low() < -0.8 && pri.interval().high() > -0.8, pri.toString());
    assertTrue(pri.distance() > 0.4, pri.toString());
    assertFalse(drift(update, "hbar").isDrift());
    assertTrue(update.thresholds().get(0).holds());
    assertFalse(update.thresholds().get(1).holds());
    assertEquals("misses more than it may", update.thresholds().get(1).words());
    assertTrue(
        update
            .verdict()
            .startsWith("drift in pri, joint; the old thresholds no longer hold for pri"),
        update.verdict());
  }

  @Test
  void newOnly_forgetsTheOldSamples() {
    Parameters older = Calibration.of(samples("a", 150, 1, 0), Calibration.PolarityRule.STUDY, FEW);
    ScoreColumns fresh = samples("b", 150, 2, -0.8);
    Parameters updated = Update.apply("p.json", older, fresh, false, FEW);
    Parameters alone = Calibration.of(fresh, Calibration.PolarityRule.STUDY, FEW);
    assertEquals(alone.tauPri(), updated.tauPri());
    assertEquals(alone.jointModelWeights(), updated.jointModelWeights());
  }

  @Test
  void sampleLabelledAgain_replacesTheOldOne() {
    Parameters older = Calibration.of(samples("a", 40, 1, 0), Calibration.PolarityRule.STUDY, FEW);
    Parameters updated = Update.apply("p.json", older, samples("a", 40, 2, 0), true, FEW);
    assertEquals(40, updated.update().orElseThrow().replaced());
    assertEquals(40, updated.scoresBySample().size());
  }

  @Test
  void sameInputs_giveTheSameBytes() {
    Parameters older = Calibration.of(samples("a", 40, 1, 0), Calibration.PolarityRule.STUDY, FEW);
    ScoreColumns fresh = samples("b", 40, 2, 0);
    assertEquals(
        ResultFile.json(Update.apply("p", older, fresh, true, FEW)),
        ResultFile.json(Update.apply("p", older, fresh, true, FEW)));
  }

  @Test
  void parametersWithoutSamples_areRefused() throws Exception {
    Parameters published =
        Parameters.read(
            Path.of(
                UpdateTest.class.getResource("/study/qwen-2.5-7b_calibration_n200.json").toURI()));
    Calibration.UnusableScores refused =
        assertThrows(
            Calibration.UnusableScores.class,
            () -> Update.apply("p.json", published, samples("b", 40, 2, 0), true, FEW));
    assertTrue(refused.getMessage().startsWith("p.json: holds no samples to compare with"));
  }

  private static Update.Drift drift(Update update, String signal) {
    return update.drift().stream().filter(d -> d.signal().equals(signal)).findFirst().orElseThrow();
  }

  private static ScoreColumns samples(String prefix, int count, long seed, double priShift) {
    Random random = new Random(seed);
    List<Scored> rows =
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  Map<String, Double> signals = new LinkedHashMap<>();
                  signals.put("hbar", 2 + random.nextGaussian() / 3);
                  signals.put("pri", 1 + priShift + random.nextGaussian() / 2 + (i % 2) * 0.4);
                  return new Scored(prefix + "_" + i, i % 2, signals);
                })
            .toList();
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "m", Optional.empty()), rows, Map.of());
  }
}
