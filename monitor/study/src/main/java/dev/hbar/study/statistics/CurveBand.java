package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Where a curve would lie with other records: at every place the interval of its height over
 * bootstrap resamples of records (pointwise). The arrays are not to be changed.
 *
 * @param x a grid
 * @param low lower ends
 * @param high upper ends
 */
public record CurveBand(double[] x, double[] low, double[] high) {
  private static final int GRID = 100;

  /**
   * Samples with a score.
   *
   * @param oriented higher = more evidence for a hallucination
   * @param labels 0 right, 1 hallucinated
   * @param recordOf number of each sample's record
   */
  public record Scored(double[] oriented, int[] labels, int[] recordOf) {}

  /** Precision by recall: that of the strictest threshold with at least this recall. */
  public static CurveBand ofPrecision(Scored scored, Bootstrap.Settings settings) {
    return of(scored, settings, shares(), CurveBand::precision);
  }

  /** The share of hallucinated answers among the least risky ones, by the share that is kept. */
  public static CurveBand ofRisk(Scored scored, Bootstrap.Settings settings) {
    return of(scored, settings, shares(), CurveBand::risk);
  }

  /**
   * The band of a curve.
   *
   * @param heights of the curve of a resample at each place of the grid
   */
  static CurveBand of(
      Scored scored,
      Bootstrap.Settings settings,
      double[] grid,
      Function<ThresholdCounts, double[]> heights) {
    Ranking ranking = new Ranking(scored.oriented(), scored.labels());
    Bootstrap.Resamples resamples =
        Bootstrap.Resamples.byRecord(scored.recordOf(), scored.labels(), settings.seed());
    double[][] found = new double[grid.length][settings.resamples()];
    for (int r = 0; r < settings.resamples(); r++) {
      double[] curve = heights.apply(ranking.counts(resamples.next()));
      for (int i = 0; i < grid.length; i++) {
        found[i][r] = curve[i];
      }
    }
    Interval[] intervals = Arrays.stream(found).map(settings::percentiles).toArray(Interval[]::new);
    return new CurveBand(
        grid,
        Arrays.stream(intervals).mapToDouble(Interval::low).toArray(),
        Arrays.stream(intervals).mapToDouble(Interval::high).toArray());
  }

  /** From 0.01 to 1. */
  private static double[] shares() {
    return IntStream.rangeClosed(1, GRID).mapToDouble(i -> i / (double) GRID).toArray();
  }

  private static double[] precision(ThresholdCounts counts) {
    double[] heights = new double[GRID];
    int at = 0;
    for (int i = 0; i < GRID; i++) {
      while ((long) GRID * counts.truePositives()[at] < (i + 1L) * counts.positives()) {
        at++;
      }
      double hits = counts.truePositives()[at];
      heights[i] = hits / (hits + counts.falsePositives()[at]);
    }
    return heights;
  }

  private static double[] risk(ThresholdCounts counts) {
    double[] risk = RiskCoverage.of(counts).risk();
    double[] heights = new double[GRID];
    for (int i = 0; i < GRID; i++) {
      heights[i] = risk[(int) Math.ceilDiv((i + 1L) * risk.length, GRID) - 1];
    }
    return heights;
  }
}
