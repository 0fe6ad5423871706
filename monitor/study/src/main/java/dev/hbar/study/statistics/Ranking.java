package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Samples in the order of a score, riskiest first; sorted once, so that a thousand resamples are a
 * thousand passes. Immutable.
 */
public final class Ranking {
  private final int[] order;
  private final double[] sorted;
  private final boolean[] positive;
  private final boolean[] tiedWithNext;

  /**
   * Ranks samples.
   *
   * @param scores finite, higher = more evidence for a hallucination
   * @param labels 0 or 1, one per score
   */
  public Ranking(double[] scores, int[] labels) {
    if (scores.length != labels.length) {
      throw new IllegalArgumentException(
          "%s scores, %s labels".formatted(scores.length, labels.length));
    }
    order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i] + 0.0).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    // Adding 0.0 makes one zero of -0.0 and 0.0.
    sorted = Arrays.stream(order).mapToDouble(i -> scores[i] + 0.0).toArray();
    positive = new boolean[order.length];
    for (int rank = 0; rank < order.length; rank++) {
      positive[rank] = labels[order[rank]] == 1;
    }
    tiedWithNext = new boolean[order.length];
    for (int rank = 0; rank + 1 < order.length; rank++) {
      tiedWithNext[rank] = sorted[rank] == sorted[rank + 1];
    }
  }

  /** Counts at every distinct score. */
  public ThresholdCounts counts() {
    int[] once = new int[order.length];
    Arrays.fill(once, 1);
    return counts(once);
  }

  /**
   * The areas of a resample in one pass, without the thresholds: what a bootstrap needs a thousand
   * times. They are those of {@link #counts(int[])} but for the last digits.
   *
   * @param weights how often each sample is in the resample, in which both labels occur
   * @return AUROC and average precision
   */
  double[] areas(int[] weights) {
    long hits = 0;
    long misses = 0;
    long hitsBefore = 0;
    long missesBefore = 0;
    double below = 0;
    double precision = 0;
    for (int rank = 0; rank < order.length; rank++) {
      int weight = weights[order[rank]];
      if (positive[rank]) {
        hits += weight;
      } else {
        misses += weight;
      }
      if (tiedWithNext[rank]) {
        continue;
      }
      if (hits > hitsBefore) {
        precision += (hits - hitsBefore) * (hits / (double) (hits + misses));
      }
      below += (misses - missesBefore) * 0.5 * (hits + hitsBefore);
      hitsBefore = hits;
      missesBefore = misses;
    }
    return new double[] {below / ((double) hits * misses), precision / hits};
  }

  /**
   * Counts at every distinct score of a resample.
   *
   * @param weights how often each sample (by its index, not its rank) is in the resample
   */
  public ThresholdCounts counts(int[] weights) {
    double[] thresholds = new double[order.length];
    int[] truePositives = new int[order.length];
    int[] falsePositives = new int[order.length];
    int groups = 0;
    int hits = 0;
    int misses = 0;
    for (int rank = 0; rank < order.length; rank++) {
      int weight = weights[order[rank]];
      if (weight == 0) {
        continue;
      }
      boolean tied = groups > 0 && thresholds[groups - 1] == sorted[rank];
      groups += tied ? 0 : 1;
      hits += positive[rank] ? weight : 0;
      misses += positive[rank] ? 0 : weight;
      thresholds[groups - 1] = sorted[rank];
      truePositives[groups - 1] = hits;
      falsePositives[groups - 1] = misses;
    }
    return new ThresholdCounts(
        Arrays.copyOf(thresholds, groups),
        Arrays.copyOf(truePositives, groups),
        Arrays.copyOf(falsePositives, groups));
  }
}
