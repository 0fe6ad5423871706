package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.study.statistics.Folds;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.ThresholdCounts;
import dev.hbar.study.statistics.ThresholdCounts.PrecisionRecall;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against scikit-learn (scripts/fixtures/study_statistics.py), on published and on awkward scores.
 */
class StatisticsParityTest {
  private static final double LEAST_RECALL = 0.9;

  static Stream<StatisticsCase> cases() {
    return StatisticsCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void folds_areScikitLearns(StatisticsCase one) {
    String folds =
        Arrays.stream(Folds.stratified(one.labels(), JointFit.FOLDS, 42).foldOf())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining());
    assertEquals(one.expected().get("folds").asText(), folds);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areasAndThresholds_areScikitLearnsToTheLastDigit(StatisticsCase one) {
    double[] inverted = Arrays.stream(one.hbar()).map(value -> -value).toArray();
    assertSignal(one.expected().get("hbar_alone"), new Ranking(inverted, one.labels()));
    assertSignal(one.expected().get("pri_alone"), new Ranking(one.pri(), one.labels()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void jointModel_isScikitLearns(StatisticsCase one) {
    JsonNode expected = one.expected().get("joint");
    JointFit fit = JointFit.of(one.hbar(), one.pri(), one.labels());
    for (int i = 0; i < fit.cs().length; i++) {
      assertEquals(expected.get("mean_auroc").get(i).doubleValue(), fit.held()[i], 1e-12, "C " + i);
    }
    assertEquals(expected.get("c").doubleValue(), fit.c(), 1e-9 * fit.c());
    JsonNode weights = expected.get("weights");
    assertWeight(weights.get(0).doubleValue(), fit.model().wHbar());
    assertWeight(weights.get(1).doubleValue(), fit.model().wPri());
    assertWeight(weights.get(2).doubleValue(), fit.model().intercept());
    double[] probability =
        IntStream.range(0, one.labels().length)
            .mapToDouble(i -> fit.model().probability(one.hbar()[i], one.pri()[i]))
            .toArray();
    ThresholdCounts counts = new Ranking(probability, one.labels()).counts();
    assertEquals(expected.get("auroc").doubleValue(), counts.auroc(), 1e-9);
    PrecisionRecall.Point best = PrecisionRecall.of(counts).mostPreciseWithRecall(LEAST_RECALL);
    assertEquals(expected.get("best").get("precision").doubleValue(), best.precision(), 1e-9);
  }

  private static void assertWeight(double expected, double actual) {
    assertEquals(expected, actual, 1e-4 * Math.max(1, Math.abs(expected)));
  }

  private static void assertSignal(JsonNode expected, Ranking ranking) {
    ThresholdCounts counts = ranking.counts();
    assertEquals(expected.get("auroc").doubleValue(), counts.auroc(), 0);
    assertEquals(expected.get("pr_auc").doubleValue(), counts.averagePrecision(), 0);
    PrecisionRecall curve = PrecisionRecall.of(counts);
    assertEquals(expected.get("points").intValue(), curve.thresholds().length);
    assertEquals(
        expected.get("precision_sum").doubleValue(), Arrays.stream(curve.precision()).sum(), 1e-9);
    assertEquals(
        expected.get("recall_sum").doubleValue(), Arrays.stream(curve.recall()).sum(), 1e-9);
    PrecisionRecall.Point best = curve.mostPreciseWithRecall(LEAST_RECALL);
    assertEquals(expected.get("best").get("threshold").doubleValue(), best.threshold(), 0);
    assertEquals(expected.get("best").get("precision").doubleValue(), best.precision(), 0);
  }
}
