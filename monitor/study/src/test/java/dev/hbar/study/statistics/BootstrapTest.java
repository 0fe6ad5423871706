package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void onePass_hasTheAreasOfTheCounts() {
    SplittableRandom random = new SplittableRandom(2);
    int[] labels = IntStream.range(0, 60).map(i -> random.nextInt(10) < 4 ? 1 : 0).toArray();
    // Of seven values, so that many are tied, also across labels.
    double[] scores = IntStream.range(0, 60).mapToDouble(i -> random.nextInt(7)).toArray();
    Ranking ranking = new Ranking(scores, labels);
    Bootstrap.Resamples resamples = Bootstrap.Resamples.stratified(labels, 3);
    for (int draw = 0; draw < 50; draw++) {
      int[] weights = resamples.next();
      ThresholdCounts counts = ranking.counts(weights);
      assertEquals(counts.auroc(), ranking.areas(weights)[0], 1e-12);
      assertEquals(counts.averagePrecision(), ranking.areas(weights)[1], 1e-12);
    }
  }

  /** numpy.percentile, which interpolates between the two next values. */
  @Test
  void percentiles_areNumpys() {
    double[] values = {5, 1, 4, 2, 8, 7, 3};
    Interval ninety = new Bootstrap.Settings(7, 1, 0.9).percentiles(values);
    assertEquals(1.3, ninety.low(), 1e-12);
    assertEquals(7.7, ninety.high(), 1e-12);
    Interval wide = new Bootstrap.Settings(7, 1, 0.95).percentiles(values);
    assertEquals(1.15, wide.low(), 1e-12);
    assertEquals(7.85, wide.high(), 1e-12);
    assertEquals(
        new Interval(Double.NaN, Double.NaN),
        Bootstrap.Settings.NO_BOOTSTRAP.percentiles(new double[0]));
  }

  /** Two records of one label each: half of all draws would have one label only. */
  @Test
  void draws_haveBothLabels() {
    Bootstrap.Resamples resamples =
        Bootstrap.Resamples.byRecord(new int[] {0, 0, 1}, new int[] {0, 0, 1}, 1);
    for (int draw = 0; draw < 50; draw++) {
      assertArrayEquals(new int[] {1, 1, 1}, resamples.next());
    }
  }
}
