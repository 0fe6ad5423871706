package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.fail;

/** Elementwise comparison: |a - b| <= absolute + relative * |b|, the worst index reported. */
record Closeness(double absolute, double relative) {
  void require(String what, float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      fail("%s: %d values, expected %d".formatted(what, actual.length, expected.length));
    }
    int worst = -1;
    double worstExcess = 0;
    for (int i = 0; i < expected.length; i++) {
      double bound = absolute + relative * Math.abs(expected[i]);
      double excess = Math.abs((double) actual[i] - expected[i]) / bound;
      if (!(excess <= 1) && !(excess <= worstExcess)) {
        worst = i;
        worstExcess = excess;
      }
    }
    if (worst >= 0) {
      fail(
          "%s: worst at index %d: %s, expected %s (%.2f times the bound)"
              .formatted(what, worst, actual[worst], expected[worst], worstExcess));
    }
  }

  /** The largest magnitude, for bounds relative to a tensor's scale. */
  static double scale(float[] values) {
    double scale = 0;
    for (float value : values) {
      scale = Math.max(scale, Math.abs(value));
    }
    return scale;
  }
}
