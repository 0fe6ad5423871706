package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreInput;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RocCurveTest {
  @Test
  void band_liesAroundItsCurve() throws Exception {
    ScoreColumns columns = published();
    double[] pri = columns.column("pri");
    ThresholdCounts.RocCurve.Band band =
        ThresholdCounts.RocCurve.Band.of(
            pri, columns.labels(), columns.recordOf(), new Bootstrap.Settings(200, 42, 0.95));
    ThresholdCounts.RocCurve curve =
        ThresholdCounts.RocCurve.of(new Ranking(pri, columns.labels()).counts());
    double widest = 0;
    for (int i = 0; i < band.falsePositiveRate().length; i++) {
      double x = band.falsePositiveRate()[i];
      // On a vertical step the curve has many heights: the band reaches one of them.
      assertTrue(band.low()[i] <= highest(curve, x) + 1e-9, "low at " + x);
      assertTrue(band.high()[i] >= lowest(curve, x) - 1e-9, "high at " + x);
      widest = Math.max(widest, band.high()[i] - band.low()[i]);
    }
    // About 250 of each label: the binomial interval of one half is 0.12 wide.
    assertTrue(widest > 0.08 && widest < 0.3, "widest " + widest);
    assertEquals(1, band.low()[band.low().length - 1]);
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

  private static double highest(ThresholdCounts.RocCurve curve, double x) {
    double found = 0;
    for (int i = 0; i < curve.falsePositiveRate().length; i++) {
      if (curve.falsePositiveRate()[i] <= x + 0.01) {
        found = Math.max(found, curve.truePositiveRate()[i]);
      }
    }
    return found;
  }

  private static double lowest(ThresholdCounts.RocCurve curve, double x) {
    double found = 1;
    for (int i = 0; i < curve.falsePositiveRate().length; i++) {
      if (curve.falsePositiveRate()[i] >= x - 0.01) {
        found = Math.min(found, curve.truePositiveRate()[i]);
      }
    }
    return found;
  }

  private static ScoreColumns published() throws Exception {
    return ScoreInput.read(
        Path.of(
            RocCurveTest.class.getResource("/study/llama-3.2-3b_validation_n500.json").toURI()));
  }
}
