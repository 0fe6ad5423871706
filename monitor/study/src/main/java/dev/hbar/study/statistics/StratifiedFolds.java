package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.random.MersenneTwister;

/**
 * The folds of scikit-learn's {@code StratifiedKFold(folds, shuffle=True, random_state=seed)}: the
 * samples of a label are dealt to the folds in equal numbers and shuffled as NumPy's {@code
 * RandomState} shuffles. One generator serves both labels, the one that appears first goes first.
 */
public final class StratifiedFolds {
  private StratifiedFolds() {}

  /** For every sample the fold that it is tested in, 0 to folds - 1. */
  public static int[] of(int[] labels, int folds, int seed) {
    MersenneTwister random = new MersenneTwister(seed);
    int firstLabel = labels[0];
    int firstCount = (int) Arrays.stream(labels).filter(label -> label == firstLabel).count();
    int[] foldOf = new int[labels.length];
    for (int label : new int[] {firstLabel, 1 - firstLabel}) {
      int start = label == firstLabel ? 0 : firstCount;
      int end = label == firstLabel ? firstCount : labels.length;
      int[] dealt = dealt(start, end, folds);
      shuffle(dealt, random);
      int next = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == label) {
          foldOf[i] = dealt[next++];
        }
      }
    }
    return foldOf;
  }

  /** Samples sorted by label go round the folds; the folds of those in [start, end), sorted. */
  private static int[] dealt(int start, int end, int folds) {
    return IntStream.range(start, end).map(i -> i % folds).sorted().toArray();
  }

  private static void shuffle(int[] values, MersenneTwister random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i, random);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** Uniform in [0, most]: NumPy rejects after masking the low bits. */
  private static int below(int most, MersenneTwister random) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(most);
    int value = random.nextInt() & mask;
    while (value > most) {
      value = random.nextInt() & mask;
    }
    return value;
  }
}
