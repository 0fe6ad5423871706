package dev.hbar.study.statistics;

import java.util.stream.IntStream;

/**
 * The ROC curve's corners, from (0, 0) to (1, 1). The arrays are not to be changed.
 *
 * @param falsePositiveRate share of right answers flagged, ascending
 * @param truePositiveRate share of hallucinated answers flagged, ascending
 */
public record RocCurve(double[] falsePositiveRate, double[] truePositiveRate) {

  /** The curve; NaN throughout if a label has no sample. */
  public static RocCurve of(ThresholdCounts counts) {
    int[] hits = counts.truePositives();
    int[] misses = counts.falsePositives();
    int last = hits.length - 1;
    int[] corners =
        IntStream.rangeClosed(0, last)
            .filter(i -> i == 0 || i == last || bends(hits, i) || bends(misses, i))
            .toArray();
    double[] x = new double[corners.length + 1];
    double[] y = new double[corners.length + 1];
    for (int i = 0; i < corners.length; i++) {
      x[i + 1] = misses[corners[i]] / (double) counts.negatives();
      y[i + 1] = hits[corners[i]] / (double) counts.positives();
    }
    return new RocCurve(x, y);
  }

  /** Area by the trapezoidal rule. */
  double area() {
    double[] strips = new double[falsePositiveRate.length - 1];
    for (int i = 0; i < strips.length; i++) {
      double width = falsePositiveRate[i + 1] - falsePositiveRate[i];
      strips[i] = width * (truePositiveRate[i + 1] + truePositiveRate[i]) / 2;
    }
    return PairwiseSum.of(strips);
  }

  private static boolean bends(int[] counts, int i) {
    return counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
  }
}
