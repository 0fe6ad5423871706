package dev.hbar.study.statistics;

/**
 * The sum of doubles in NumPy's order of additions (blocks of 128, eight running sums), so that a
 * figure computed with NumPy comes out the same to its last digit.
 */
final class PairwiseSum {
  private static final int BLOCK = 128;
  private static final int LANES = 8;

  private PairwiseSum() {}

  static double of(double[] values) {
    return of(values, 0, values.length);
  }

  private static double of(double[] values, int start, int count) {
    if (count < LANES) {
      double sum = 0;
      for (int i = start; i < start + count; i++) {
        sum += values[i];
      }
      return sum;
    }
    if (count > BLOCK) {
      int half = count / 2;
      half -= half % LANES;
      return of(values, start, half) + of(values, start + half, count - half);
    }
    return block(values, start, count);
  }

  private static double block(double[] values, int start, int count) {
    double[] lane = new double[LANES];
    System.arraycopy(values, start, lane, 0, LANES);
    int whole = count - count % LANES;
    for (int i = LANES; i < whole; i++) {
      lane[i % LANES] += values[start + i];
    }
    double sum =
        ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (int i = whole; i < count; i++) {
      sum += values[start + i];
    }
    return sum;
  }
}
