package dev.hbar.study.statistics;

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
}
