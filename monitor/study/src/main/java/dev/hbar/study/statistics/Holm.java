package dev.hbar.study.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's correction (Scandinavian Journal of Statistics 1979) for asking many questions at once.
 */
public final class Holm {
  private Holm() {}

  /** The p values multiplied by the number of questions left, never below a smaller one's. */
  public static double[] correct(double[] p) {
    int[] ascending =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = new double[p.length];
    double largest = 0;
    for (int rank = 0; rank < p.length; rank++) {
      largest = Math.max(largest, Math.min(1, (p.length - rank) * p[ascending[rank]]));
      corrected[ascending[rank]] = largest;
    }
    return corrected;
  }
}
