package dev.hbar.study.statistics;

import java.util.stream.IntStream;

/**
 * The variance of an AUROC, or of a difference of two, when the samples come in records
 * (Obuchowski, Biometrics 1997): DeLong's, with the placements of a record added up first. The two
 * answers of a record share its context, so they are no independent samples. With one sample per
 * record it is DeLong's own.
 *
 * @param ofPositives record of every positive, from 0
 * @param ofNegatives record of every negative, from 0
 * @param records number of records
 */
public record RecordVariance(int[] ofPositives, int[] ofNegatives, int records) {

  /**
   * Of samples.
   *
   * @param recordOf record of every sample, from 0
   * @param labels 0 or 1
   */
  public static RecordVariance of(int[] recordOf, int[] labels) {
    return new RecordVariance(
        pick(recordOf, labels, 1),
        pick(recordOf, labels, 0),
        1 + IntStream.of(recordOf).max().orElse(-1));
  }

  /** The variance; not above 0, or NaN, where it says nothing. */
  public double of(Placements placements) {
    double area = placements.auroc();
    double[] positive = sums(placements.v10(), ofPositives, area);
    double[] negative = sums(placements.v01(), ofNegatives, area);
    int m = ofPositives.length;
    int n = ofNegatives.length;
    double withPositives = IntStream.of(ofPositives).distinct().count();
    double withNegatives = IntStream.of(ofNegatives).distinct().count();
    return withPositives / (withPositives - 1) * dot(positive, positive) / ((double) m * m)
        + withNegatives / (withNegatives - 1) * dot(negative, negative) / ((double) n * n)
        + 2.0 * records / (records - 1) * dot(positive, negative) / ((double) m * n);
  }

  /** For every record what its placements exceed the mean by, added up. */
  private double[] sums(double[] placements, int[] recordOf, double mean) {
    double[] sums = new double[records];
    for (int i = 0; i < placements.length; i++) {
      sums[recordOf[i]] += placements[i] - mean;
    }
    return sums;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static int[] pick(int[] recordOf, int[] labels, int label) {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] == label)
        .map(i -> recordOf[i])
        .toArray();
  }
}
