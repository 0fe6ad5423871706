package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.Polarity;
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
import org.junit.jupiter.api.io.TempDir;

class PolarityRuleTest {
  private static final Bootstrap.Settings FEW = new Bootstrap.Settings(50, 7, 0.95);

  @TempDir Path folder;

  @Test
  void signalsTurnedRound_areTurnedBackByTheFittedRuleOnly() {
    ScoreColumns turned = samples(1, -0.6);
    Parameters study = Calibration.of(turned, Calibration.PolarityRule.STUDY, FEW);
    Parameters fitted = Calibration.of(turned, Calibration.PolarityRule.FITTED, FEW);
    assertEquals(Map.of("hbar", Polarity.LOW, "pri", Polarity.HIGH), study.polarity());
    assertEquals(Polarity.HIGH, fitted.polarityOf("hbar"));
    assertEquals(Polarity.LOW, fitted.polarityOf("pri"));
    assertEquals(1 - study.aurocPri(), fitted.aurocPri(), 1e-12);
    assertTrue(study.isTurnedRound("pri"));
    assertFalse(fitted.isTurnedRound("pri"));
    long flagged =
        fitted.scoresBySample().stream()
            .filter(row -> row.label() == 1 && row.values().get("pri") <= fitted.tauPri())
            .count();
    assertTrue(flagged >= 0.9 * 75, flagged + " of 75 hallucinated answers are flagged");
  }

  @Test
  void fittedSide_isKeptWhereOtherSamplesSayOtherwise() {
    Parameters fitted = Calibration.of(samples(1, -0.6), Calibration.PolarityRule.FITTED, FEW);
    Validation other = Validation.of(samples(2, 0.6), fitted, "params.json", FEW);
    assertTrue(other.evidence().signal("pri").orElseThrow().auroc().value() < 0.5);
  }

  @Test
  void baselines_areTurnedByTheSameRule() {
    Parameters fitted = Calibration.of(samples(1, -0.6), Calibration.PolarityRule.FITTED, FEW);
    assertEquals(Polarity.LOW, fitted.polarityOf("surprise"));
  }

  @Test
  void signalThatRanksNothing_keepsItsUsualSide() {
    List<Scored> rows =
        IntStream.range(0, 12)
            .mapToObj(i -> new Scored("s_" + i, i % 2, Map.of("hbar", 2.0, "pri", i / 2 % 3 + 0.5)))
            .toList();
    assertEquals(
        Map.of("hbar", Polarity.LOW, "pri", Polarity.HIGH),
        Calibration.PolarityRule.FITTED.decide(columns(rows)));
  }

  @Test
  void rule_isWrittenReadAndKeptByAnUpdate() {
    Path file = folder.resolve("params.json");
    ResultFile.write(file, Calibration.of(samples(1, -0.6), Calibration.PolarityRule.FITTED, FEW));
    Parameters read = Parameters.read(file);
    assertEquals(Optional.of(Calibration.PolarityRule.FITTED), read.polarityRule());
    Parameters updated = Update.apply("p.json", read, samples(2, -0.6), false, FEW);
    assertEquals(Optional.of(Calibration.PolarityRule.FITTED), updated.polarityRule());
    assertEquals(Polarity.LOW, updated.polarityOf("pri"));
  }

  /** Samples whose hallucinated answers have PRI and surprise higher by {@code shift}. */
  private static ScoreColumns samples(long seed, double shift) {
    Random random = new Random(seed);
    List<Scored> rows =
        IntStream.range(0, 150)
            .mapToObj(
                i -> {
                  Map<String, Double> signals = new LinkedHashMap<>();
                  double pri = 1 + random.nextGaussian() / 2 + i % 2 * shift;
                  signals.put("hbar", 2 + random.nextGaussian() / 3 - i % 2 * shift);
                  signals.put("pri", pri);
                  signals.put("surprise", pri + random.nextGaussian() / 10);
                  return new Scored(seed + "_" + i, i % 2, signals);
                })
            .toList();
    return columns(rows);
  }

  private static ScoreColumns columns(List<Scored> rows) {
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "m", Optional.empty()), rows, Map.of());
  }
}
