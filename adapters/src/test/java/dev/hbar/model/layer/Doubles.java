package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

/** Random numbers for the layers that carry a state, and the comparison with their oracles. */
final class Doubles {
  private final Random random;

  Doubles(long seed) {
    this.random = new Random(seed);
  }

  float[] normal(int count) {
    return filled(count, 0, 1, true);
  }

  float[] uniform(int count, double from, double to) {
    return filled(count, from, to - from, false);
  }

  private float[] filled(int count, double centre, double scale, boolean normal) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (centre + scale * (normal ? random.nextGaussian() : random.nextDouble()));
    }
    return values;
  }

  /** Each row of {@code width} numbers divided by its length. */
  static float[] unit(float[] values, int width) {
    float[] unit = values.clone();
    for (int row = 0; row < values.length; row += width) {
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (double) values[row + i] * values[row + i];
      }
      for (int i = 0; i < width; i++) {
        unit[row + i] /= (float) Math.sqrt(squares);
      }
    }
    return unit;
  }

  /** Every element within {@code tolerance} of the largest expected one. */
  static void requireNear(String what, double[] expected, float[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, what);
    double scale = 0;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * scale, what + " at " + i);
    }
  }
}
