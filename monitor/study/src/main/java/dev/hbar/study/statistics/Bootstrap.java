package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Areas of several signals over the same resamples, so that they can be compared in pairs. The
 * arrays are not to be changed.
 *
 * @param auroc one row per signal, one value per resample
 * @param averagePrecision likewise
 * @param settings with which it was run
 */
public record Bootstrap(double[][] auroc, double[][] averagePrecision, Settings settings) {
  /**
   * How the bootstrap is run.
   *
   * @param resamples their number; without any, intervals are NaN
   * @param seed of the draws
   * @param level share of the resamples inside an interval
   */
  public record Settings(int resamples, long seed, double level) {
    /** The study's: 1000 resamples, 95 %, seed 42. */
    public static final Settings DEFAULT = new Settings(1000, 42, 0.95);

    /** No resamples: for analyses that show no bootstrap interval, which take most of the time. */
    public static final Settings NO_BOOTSTRAP = new Settings(0, 42, 0.95);

    /** Percentile interval, NumPy's linear interpolation; NaN without resamples. */
    Interval percentiles(double[] values) {
      if (values.length == 0) {
        return new Interval(Double.NaN, Double.NaN);
      }
      double tail = 100 * (1 - level) / 2;
      Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
      percentile.setData(values);
      return new Interval(percentile.evaluate(tail), percentile.evaluate(100 - tail));
    }
  }

  /**
   * Draws of a bootstrap: how often each sample is in the resample. The same seed gives the same
   * draws. Mutable, for one thread.
   */
  public static final class Resamples {
    private final int[] labels;
    // Groups that are drawn whole, in strata that keep their number of draws.
    private final int[][][] strata;
    private final SplittableRandom random;

    private Resamples(int[] labels, int[][][] strata, long seed) {
      this.labels = labels;
      this.strata = strata;
      this.random = new SplittableRandom(seed);
    }

    /** Samples drawn within each label, so that both keep their size. */
    public static Resamples stratified(int[] labels, long seed) {
      int[][][] strata =
          IntStream.rangeClosed(0, 1)
              .mapToObj(
                  label ->
                      IntStream.range(0, labels.length)
                          .filter(i -> labels[i] == label)
                          .mapToObj(i -> new int[] {i})
                          .toArray(int[][]::new))
              .toArray(int[][][]::new);
      return new Resamples(labels, strata, seed);
    }

    /**
     * Records drawn with all their samples.
     *
     * @param recordOf number of each sample's record
     */
    public static Resamples byRecord(int[] recordOf, int[] labels, long seed) {
      int[][] groups = PairAccuracy.samplesByRecord(recordOf);
      return new Resamples(labels, new int[][][] {groups}, seed);
    }

    /** The next draw, which has both labels (the data has them). */
    public int[] next() {
      int[] weights = draw();
      while (!hasBothLabels(weights)) {
        weights = draw();
      }
      return weights;
    }

    private int[] draw() {
      int[] weights = new int[labels.length];
      for (int[][] groups : strata) {
        for (int drawn = 0; drawn < groups.length; drawn++) {
          for (int sample : groups[random.nextInt(groups.length)]) {
            weights[sample]++;
          }
        }
      }
      return weights;
    }

    private boolean hasBothLabels(int[] weights) {
      return Arrays.stream(new int[] {0, 1})
          .allMatch(
              label ->
                  IntStream.range(0, weights.length)
                      .anyMatch(i -> weights[i] > 0 && labels[i] == label));
    }
  }

  /** Areas of signals over the same resamples; n passes over the sorted samples, no sorting. */
  public static Bootstrap run(List<Ranking> signals, Resamples resamples, Settings settings) {
    double[][] auroc = new double[signals.size()][settings.resamples()];
    double[][] precision = new double[signals.size()][settings.resamples()];
    for (int r = 0; r < settings.resamples(); r++) {
      int[] weights = resamples.next();
      int resample = r;
      IntStream.range(0, signals.size())
          .parallel()
          .forEach(
              signal -> {
                double[] areas = signals.get(signal).areas(weights);
                auroc[signal][resample] = areas[0];
                precision[signal][resample] = areas[1];
              });
    }
    return new Bootstrap(auroc, precision, settings);
  }

  /** Percentile interval, NumPy's linear interpolation; NaN without resamples. */
  public Interval interval(double[] values) {
    return settings.percentiles(values);
  }
}
