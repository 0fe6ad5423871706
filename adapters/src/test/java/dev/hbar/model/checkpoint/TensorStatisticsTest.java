package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TensorStatisticsTest {
  private static final TensorStatistics ONE_TO_THREE =
      new TensorStatistics(3, 1, 0, 1, 3, 2, Math.sqrt(2 / 3.0));
  private static final TensorStatistics FOUR_AND_SIX = new TensorStatistics(2, 0, 2, 4, 6, 5, 1);

  @Test
  void twoParts_giveTheNumbersOfTheWhole() {
    TensorStatistics whole = ONE_TO_THREE.and(FOUR_AND_SIX);
    assertEquals(5, whole.finite());
    assertEquals(1, whole.nan());
    assertEquals(2, whole.infinite());
    assertEquals(1, whole.min());
    assertEquals(6, whole.max());
    assertEquals(3.2, whole.mean(), 1e-12);
    assertEquals(Math.sqrt(2.96), whole.deviation(), 1e-12);
  }

  @Test
  void partWithoutFiniteValues_addsItsCountsOnly() {
    TensorStatistics broken =
        new TensorStatistics(0, 4, 1, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    TensorStatistics whole = broken.and(FOUR_AND_SIX).and(TensorStatistics.EMPTY);
    assertEquals(new TensorStatistics(2, 4, 3, 4, 6, 5, 1), whole);
    assertTrue(Double.isNaN(broken.and(TensorStatistics.EMPTY).min()));
  }
}
