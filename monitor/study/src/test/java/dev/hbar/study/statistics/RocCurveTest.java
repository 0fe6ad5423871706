package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreInput;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RocCurveTest {
  private static final double[] SCORES = {9, 8, 8, 7, 6, 5, 5, 5, 4, 3, 2, 1, 0, -1};
  private static final int[] LABELS = {1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0};

  /** scikit-learn 1.9.1: roc_curve, which leaves out what lies on a line, and roc_auc_score. */
  @Test
  void corners_areScikitLearns() {
    ThresholdCounts counts = new Ranking(SCORES, LABELS).counts();
    ThresholdCounts.RocCurve curve = ThresholdCounts.RocCurve.of(counts);
    assertArrayEquals(sevenths(0, 0, 1, 1, 3, 3, 6, 6, 7), curve.falsePositiveRate(), 1e-15);
    assertArrayEquals(sevenths(0, 1, 2, 4, 5, 6, 6, 7, 7), curve.truePositiveRate(), 1e-15);
    assertEquals(0.7244897959183674, counts.auroc(), 0);
    assertFalse(new Ranking(new double[] {1, 2}, new int[] {1, 1}).counts().hasBothLabels());
    assertFalse(new Ranking(new double[] {1, 2}, new int[] {0, 0}).counts().hasBothLabels());
  }

  private static double[] sevenths(double... counts) {
    return Arrays.stream(counts).map(count -> count / 7).toArray();
  }

  /** 41 resamples: the 2.5 % point is the second smallest, the 97.5 % point the second largest. */
  @Test
  void band_isThePercentilesOfEachCurvesUpperEnd() {
    int[] recordOf = IntStream.range(0, 14).map(i -> i / 2).toArray();
    Bootstrap.Settings settings = new Bootstrap.Settings(41, 7, 0.95);
    ThresholdCounts.RocCurve.Band band =
        ThresholdCounts.RocCurve.Band.of(SCORES, LABELS, recordOf, settings);
    Bootstrap.Resamples resamples = Bootstrap.Resamples.byRecord(recordOf, LABELS, 7);
    Ranking ranking = new Ranking(SCORES, LABELS);
    List<ThresholdCounts.RocCurve> curves =
        IntStream.range(0, 41)
            .mapToObj(i -> ThresholdCounts.RocCurve.of(ranking.counts(resamples.next())))
            .toList();
    assertEquals(101, band.falsePositiveRate().length);
    for (int i = 0; i <= 100; i++) {
      double x = i / 100.0;
      assertEquals(x, band.falsePositiveRate()[i], 1e-15);
      double[] heights = curves.stream().mapToDouble(each -> height(each, x)).sorted().toArray();
      assertEquals(heights[1], band.low()[i], 1e-12, "low at " + x);
      assertEquals(heights[39], band.high()[i], 1e-12, "high at " + x);
    }
  }

  /** The highest point of the curve's lines above a place. */
  private static double height(ThresholdCounts.RocCurve curve, double at) {
    double[] x = curve.falsePositiveRate();
    double[] y = curve.truePositiveRate();
    double highest = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      if (x[i] <= at && at <= x[i + 1]) {
        double share = x[i] == x[i + 1] ? 1 : (at - x[i]) / (x[i + 1] - x[i]);
        highest = Math.max(highest, y[i] + share * (y[i + 1] - y[i]));
      }
    }
    return highest;
  }

  @Test
  void scoresThatSeparate_haveABandAtTheTop() throws Exception {
    ScoreColumns columns = published();
    double[] labels = Arrays.stream(columns.labels()).asDoubleStream().toArray();
    ThresholdCounts.RocCurve.Band band =
        ThresholdCounts.RocCurve.Band.of(
            labels, columns.labels(), columns.recordOf(), new Bootstrap.Settings(20, 42, 0.95));
    for (double low : band.low()) {
      assertEquals(1, low);
    }
  }

  private static ScoreColumns published() throws Exception {
    return ScoreInput.read(
        Path.of(
            RocCurveTest.class.getResource("/study/llama-3.2-3b_validation_n500.json").toURI()));
  }
}
