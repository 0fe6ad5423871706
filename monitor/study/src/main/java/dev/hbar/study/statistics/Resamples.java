package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws of a bootstrap: how often each sample is in the resample. The same seed gives the same
 * draws. Mutable, for one thread.
 */
public final class Resamples {
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
    int[][] groups = Groups.of(recordOf);
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
