package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;
import org.hipparchus.util.MathArrays;

/**
 * Where each sample lies among those of the other label, by mid-ranks (Sun and Xu, IEEE Signal
 * Processing Letters 2014): with T the mid-ranks over all and T_x, T_y those within a label, V10 =
 * (T_pos - T_x) / n and V01 = 1 - (T_neg - T_y) / m. The arrays are not to be changed.
 *
 * @param v10 for every positive the share of negatives below it, ties half
 * @param v01 for every negative the share of positives above it, ties half
 */
public record Placements(double[] v10, double[] v01) {
  /**
   * The variance of an AUROC, or of a difference of two, when the samples come in records
   * (Obuchowski, Biometrics 1997): DeLong's, with the placements of a record added up first. The
   * two answers of a record share its context, so they are no independent samples. With one sample
   * per record it is DeLong's own.
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

  /** Placements of scores that are higher for positives; each label has a sample. */
  public static Placements of(double[] positives, double[] negatives) {
    int m = positives.length;
    int n = negatives.length;
    NaturalRanking midRanks = new NaturalRanking(TiesStrategy.AVERAGE);
    double[] overall = midRanks.rank(MathArrays.concatenate(positives, negatives));
    double[] withinPositives = midRanks.rank(positives);
    double[] withinNegatives = midRanks.rank(negatives);
    double[] v10 = new double[m];
    double[] v01 = new double[n];
    for (int i = 0; i < m; i++) {
      v10[i] = (overall[i] - withinPositives[i]) / n;
    }
    for (int j = 0; j < n; j++) {
      v01[j] = 1 - (overall[m + j] - withinNegatives[j]) / m;
    }
    return new Placements(v10, v01);
  }

  /** Those of a score without information: one half everywhere. */
  public Placements chance() {
    double[] positives = v10.clone();
    double[] negatives = v01.clone();
    Arrays.fill(positives, 0.5);
    Arrays.fill(negatives, 0.5);
    return new Placements(positives, negatives);
  }

  /** Those of the negated score. */
  public Placements turned() {
    return new Placements(
        Arrays.stream(v10).map(share -> 1 - share).toArray(),
        Arrays.stream(v01).map(share -> 1 - share).toArray());
  }

  public double auroc() {
    return StatUtils.mean(v10);
  }

  /** DeLong's variance of the AUROC; NaN for a single sample of a label. */
  public double variance() {
    return StatUtils.variance(v10) / v10.length + StatUtils.variance(v01) / v01.length;
  }

  /** This score's placements less another's. */
  Placements minus(Placements other) {
    return new Placements(
        MathArrays.ebeSubtract(v10, other.v10), MathArrays.ebeSubtract(v01, other.v01));
  }
}
