package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    ScoreColumns fresh = samples("b", 150, 2, -0.8);
    double old = Arrays.stream(samples("a", 150, 1, 0).column("pri")).sum() / 150;
    double now = Arrays.stream(fresh.column("pri")).sum() / 150;
    assertEquals(old, pri.oldMean(), 1e-12);
    assertEquals(now, pri.newMean(), 1e-12);
    assertEquals(now - old, pri.shift(), 1e-12);
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

  /** SciPy 1.17.1: ttest_ind(equal_var=False).confidence_interval() and ks_2samp(exact). */
  @Test
  void driftOfTwoSmallSamples_isThatOfSciPy() {
    List<Update.Drift> drift =
        Update.Drift.of(
            columns(0, 2.25, 0.5, 2.75, 1, 3.25, 1.5, 0.75, 2, 1.25, 2.5, 1.75),
            columns(
                -1.25,
                11 / 12.0,
                -11 / 12.0,
                1.25,
                -7 / 12.0,
                19 / 12.0,
                -0.25,
                23 / 12.0,
                1 / 12.0));
    assertEquals(List.of("pri", "same"), drift.stream().map(Update.Drift::signal).toList());
    Update.Drift pri = drift.getFirst();
    assertEquals(1.625, pri.oldMean(), 1e-14);
    assertEquals(11 / 36.0, pri.newMean(), 1e-14);
    assertEquals(-2.3283670708905744, pri.interval().low(), 1e-8);
    assertEquals(-0.31052181799831446, pri.interval().high(), 1e-8);
    assertEquals(17 / 36.0, pri.distance(), 1e-14);
    assertEquals(0.15895281189398838, pri.p(), 1e-10);
    assertEquals(2 * pri.p(), pri.pHolm(), 1e-14, "of two signals");
    Update.Drift same = drift.getLast();
    assertEquals(0, same.shift());
    assertEquals(0, same.interval().low());
    assertEquals(0, same.interval().high());
    assertEquals(1, same.p(), 1e-12);
  }

  /** SciPy 1.17.1 again: equal spreads in samples of equal size. */
  @Test
  void driftBetweenEqualSpreads_hasItsInterval() {
    Update.Drift drift = Update.Drift.of(columns(1, 2, 3, 4), columns(3, 4, 5, 6)).getFirst();
    assertEquals(2, drift.shift());
    assertEquals(-0.23371469516471333, drift.interval().low(), 1e-8);
    assertEquals(4.233714695164713, drift.interval().high(), 1e-8);
  }

  /** Also by SciPy, whose test takes the distance as it is. */
  @Test
  void valuesThatOccurInBoth_areNotPartedAtRandom() {
    Update.Drift small =
        Update.Drift.of(
                columns(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 2, 2), columns(3, 3, 4, 4, 5, 5, 6, 6, 3))
            .getFirst();
    assertEquals(0.5, small.distance(), 1e-14);
    assertEquals(0.11383322559793145, small.p(), 1e-10);
    double[] old = new double[110];
    double[] now = new double[110];
    for (int i = 0; i < 110; i++) {
      int group = 37 * i % 110 / 7;
      old[i] = group;
      now[i] = old[i] + (i % 3 == 0 ? 1 : 0);
    }
    Update.Drift large = Update.Drift.of(columns(old), columns(now)).getFirst();
    assertEquals(7 / 110.0, large.distance(), 1e-14);
    // From 10,000 pairs on by the limit; counted, it is 0.98006.
    assertEquals(0.98, large.p(), 0.005);
  }

  private static ScoreColumns columns(double... pri) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < pri.length; i++) {
      Map<String, Double> signals = new LinkedHashMap<>();
      signals.put("pri", pri[i]);
      signals.put("same", 2.0);
      rows.add(new Scored("s_" + i, i % 2, signals));
    }
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "m", Optional.empty()), rows, Map.of());
  }

  @Test
  void levelOfFivePercent_isNoDriftYet() {
    assertFalse(drift(0.05).isDrift());
    assertTrue(drift(Math.nextDown(0.05)).isDrift());
  }

  private static Update.Drift drift(double p) {
    return new Update.Drift("pri", 0, 1, 1, new Interval(0, 1), 0.5, p, p);
  }

  /** Ten hallucinated answers and ten right ones, flagged from 5 on. */
  @Test
  void thresholdThatFlagsNobodyOrAll_isJudgedByItsIntervals() {
    FlagRule flag = new FlagRule("pri", Polarity.HIGH, 5);
    Update.ThresholdCheck none = Update.ThresholdCheck.of(columns(new double[20]), flag, 0.5);
    assertEquals(0, none.precision().value());
    assertEquals(new Interval(0, 1), none.precision().interval());
    assertFalse(none.holds());
    assertEquals("misses more than it may", none.words());
    double[] high = new double[20];
    Arrays.fill(high, 5);
    Update.ThresholdCheck all = Update.ThresholdCheck.of(columns(high), flag, 0.5);
    assertEquals(0.5, all.precision().value());
    assertEquals(1, all.recall().value());
    assertTrue(all.holds());
    assertEquals("still holds", all.words());
    double reach = all.precision().interval().high();
    assertTrue(Update.ThresholdCheck.of(columns(high), flag, reach).holds(), "exactly promised");
    Update.ThresholdCheck more = Update.ThresholdCheck.of(columns(high), flag, Math.nextUp(reach));
    assertFalse(more.holds());
    assertEquals("flags more wrongly than it did", more.words());
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
