package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AggregateTest {
  @Test
  void moreThanFive_usesTheLargestFive() {
    assertEquals(6, Aggregate.TOP_FIVE.of(new double[] {1, 8, 2, 7, 6, 5, 4, 3}));
  }

  @Test
  void fewerThanFive_usesAll() {
    assertEquals(2, Aggregate.TOP_FIVE.of(new double[] {1, 3}));
    assertEquals(-4, Aggregate.TOP_FIVE.of(new double[] {-4}));
  }

  @Test
  void none_isRefused() {
    for (Aggregate each : Aggregate.values()) {
      assertThrows(IllegalArgumentException.class, () -> each.of(new double[0]), each.name());
    }
  }

  @Test
  void meanAndLargest_areThoseOfAllValues() {
    double[] values = {1, 8, 2, 7, 6, 5, 4, 3};
    assertEquals(4.5, Aggregate.MEAN.of(values));
    assertEquals(8, Aggregate.MAX.of(values));
    assertEquals(-2, Aggregate.MAX.of(new double[] {-3, -2}));
  }

  @Test
  void input_isLeftAsItWas() {
    double[] values = {3, 1, 2};
    Aggregate.TOP_FIVE.of(values);
    assertEquals(3, values[0]);
  }
}
