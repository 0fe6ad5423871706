package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TopFiveMeanTest {
  @Test
  void moreThanFive_usesTheLargestFive() {
    assertEquals(6, TopFiveMean.of(new double[] {1, 8, 2, 7, 6, 5, 4, 3}));
  }

  @Test
  void fewerThanFive_usesAll() {
    assertEquals(2, TopFiveMean.of(new double[] {1, 3}));
    assertEquals(-4, TopFiveMean.of(new double[] {-4}));
  }

  @Test
  void none_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> TopFiveMean.of(new double[0]));
  }

  @Test
  void input_isLeftAsItWas() {
    double[] values = {3, 1, 2};
    TopFiveMean.of(values);
    assertEquals(3, values[0]);
  }
}
