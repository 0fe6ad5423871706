package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Samples that lie exactly on a threshold, on either side of which others lie. */
class FlagRuleTest {
  private static final double[] HBAR = {1, 2, 2, 3, 4, 2};
  private static final double[] PRI = {5, 5, 6, 6, 7, 4};
  private static final int[] LABELS = {1, 1, 0, 0, 1, 1};

  private static ScoreColumns columns(double[] hbar, double[] pri, int[] labels) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(new Scored("s_" + i, labels[i], Map.of("hbar", hbar[i], "pri", pri[i])));
    }
    return new ScoreColumns(
        new ScoreColumns.Origin("f", "0", "m", Optional.empty()), rows, Map.of());
  }

  @Test
  void samplesAtTau_areFlaggedInBothPolarities() {
    ScoreColumns columns = columns(HBAR, PRI, LABELS);
    assertArrayEquals(
        new boolean[] {true, true, true, false, false, true},
        new FlagRule("hbar", Polarity.LOW, 2).flags(columns));
    assertArrayEquals(
        new boolean[] {false, true, true, true, true, true},
        new FlagRule("hbar", Polarity.HIGH, 2).flags(columns));
    assertArrayEquals(
        new boolean[] {false, false, true, true, true, false},
        new FlagRule("pri", Polarity.HIGH, 6).flags(columns));
  }

  @Test
  void performance_countsTheSamplesAtTau() {
    FlagRule.Performance performance =
        FlagRule.Performance.of(columns(HBAR, PRI, LABELS), new FlagRule("hbar", Polarity.LOW, 2));
    assertArrayEquals(new int[] {1, 1}, performance.confusionMatrix()[0]);
    assertArrayEquals(new int[] {1, 3}, performance.confusionMatrix()[1]);
    assertEquals(0.75, performance.precision());
    assertEquals(0.75, performance.recall());
  }

  @Test
  void ruleThatFlagsNobody_hasNoPrecisionAndNoRecall() {
    FlagRule.Performance performance =
        FlagRule.Performance.of(
            columns(HBAR, PRI, LABELS), new FlagRule("hbar", Polarity.LOW, 0.5));
    assertEquals(0, performance.precision());
    assertEquals(0, performance.recall());
    FlagRule.Performance rightOnly =
        FlagRule.Performance.of(
            columns(new double[] {1, 2}, new double[] {1, 2}, new int[] {0, 0}),
            new FlagRule("hbar", Polarity.LOW, 1));
    assertEquals(0, rightOnly.recall());
  }

  @Test
  void quadrants_areNeitherBothPriAndHbar() {
    FlagRule.Quadrants quadrants =
        FlagRule.Quadrants.of(
            columns(HBAR, PRI, LABELS),
            new FlagRule("hbar", Polarity.LOW, 2),
            new FlagRule("pri", Polarity.HIGH, 6));
    assertEquals(new FlagRule.Quadrants.Cell(0, 0), quadrants.q1());
    assertEquals(new FlagRule.Quadrants.Cell(1, 0), quadrants.q2());
    assertEquals(new FlagRule.Quadrants.Cell(2, 0.5), quadrants.q3());
    assertEquals(new FlagRule.Quadrants.Cell(3, 1), quadrants.q4());
  }

  /** Nine of ten hallucinations is enough; the tenth would cost precision. */
  @Test
  void recallOfExactlyNineTenths_isEnough() {
    double[] pri = new double[20];
    int[] labels = new int[20];
    for (int i = 0; i < 10; i++) {
      pri[i] = i == 9 ? 1 : 10 + i;
      labels[i] = 1;
      pri[10 + i] = 2 + 0.1 * i;
    }
    ScoreColumns columns = columns(pri, pri, labels);
    FlagRule.Found found = FlagRule.best(columns, "pri", Polarity.HIGH);
    assertEquals(new FlagRule("pri", Polarity.HIGH, 10), found.flag());
    assertEquals(1, found.precision());
    double[] turned = Polarity.LOW.orient(pri);
    FlagRule.Found low = FlagRule.best(columns(turned, turned, labels), "hbar", Polarity.LOW);
    assertEquals(new FlagRule("hbar", Polarity.LOW, -10), low.flag());
    pri[8] = 1.5;
    FlagRule.Found eight = FlagRule.best(columns(pri, pri, labels), "pri", Polarity.HIGH);
    assertEquals(1, eight.flag().tau(), "eight are too few");
    assertEquals(0.5, eight.precision());
  }
}
