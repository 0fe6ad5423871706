package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MomentsTest {
  @Test
  void fewValues_havePopulationMoments() {
    Moments moments = Moments.of(new double[] {2, 4, 4, 4, 5, 5, 7, 9});
    assertEquals(new Moments(8, 5, 2), moments);
  }

  @Test
  void oneValue_hasNoSpread() {
    assertEquals(new Moments(1, 3, 0), Moments.of(new double[] {3}));
  }

  @Test
  void noValue_hasNoMean() {
    Moments moments = Moments.of(new double[0]);
    assertEquals(0, moments.count());
    assertTrue(Double.isNaN(moments.mean()) && Double.isNaN(moments.sd()));
  }

  @Test
  void effect_isTheDifferenceInPooledDeviations() {
    Moments high = new Moments(8, 5, 2);
    assertEquals(3 / Math.sqrt(2.5), high.cohensD(new Moments(4, 2, 1)).orElseThrow(), 1e-15);
    assertEquals(1.5 * Math.sqrt(2), high.cohensD(new Moments(4, 2, 0)).orElseThrow(), 1e-15);
    assertEquals(Optional.empty(), new Moments(2, 5, 0).cohensD(new Moments(3, 2, 0)));
  }
}
