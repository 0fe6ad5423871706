package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PolarityTest {
  private static final double TAU = 0.1 + 0.2;

  @Test
  void valueAtTheThreshold_isFlaggedOnBothSides() {
    assertTrue(Polarity.HIGH.flags(TAU, TAU));
    assertTrue(Polarity.LOW.flags(TAU, TAU));
  }

  @Test
  void valueNextToTheThreshold_isFlaggedOnItsSideOnly() {
    assertTrue(Polarity.HIGH.flags(Math.nextUp(TAU), TAU));
    assertFalse(Polarity.HIGH.flags(Math.nextDown(TAU), TAU));
    assertTrue(Polarity.LOW.flags(Math.nextDown(TAU), TAU));
    assertFalse(Polarity.LOW.flags(Math.nextUp(TAU), TAU));
  }

  @Test
  void turnedValues_flagTheSameSamples() {
    double[] values = {-1, 0.25, TAU, 2};
    assertArrayEquals(new double[] {1, -0.25, -TAU, -2}, Polarity.LOW.orient(values));
    assertArrayEquals(values, Polarity.HIGH.orient(values));
    for (Polarity polarity : Polarity.values()) {
      double[] turned = polarity.orient(values);
      for (int i = 0; i < values.length; i++) {
        boolean flagged = polarity.flags(values[i], TAU);
        assertEquals(flagged, turned[i] >= polarity.orient(TAU), polarity + " of " + values[i]);
      }
    }
  }

  @Test
  void names_areThoseOfTheFiles() {
    assertEquals("high", Polarity.HIGH.id());
    assertEquals("low", Polarity.LOW.id());
  }
}
