package dev.hbar.study.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.hipparchus.random.MersenneTwister;

/**
 * Folds for cross-validation. The arrays are not to be changed.
 *
 * @param rows the samples that take part
 * @param foldOf the fold in which each of them is tested, 0 to count - 1
 * @param count number of folds
 */
public record Folds(int[] rows, int[] foldOf, int count) {

  /**
   * The folds of scikit-learn's {@code StratifiedKFold(count, shuffle=True, random_state=seed)}:
   * the samples of a label are dealt to the folds in equal numbers and shuffled as NumPy's {@code
   * RandomState} shuffles. One generator serves both labels; the label that appears first goes
   * first.
   */
  public static Folds stratified(int[] labels, int count, int seed) {
    MersenneTwister random = new MersenneTwister(seed);
    int firstLabel = labels[0];
    int firstCount = (int) Arrays.stream(labels).filter(label -> label == firstLabel).count();
    int[] foldOf = new int[labels.length];
    for (int label : new int[] {firstLabel, 1 - firstLabel}) {
      int start = label == firstLabel ? 0 : firstCount;
      int end = label == firstLabel ? firstCount : labels.length;
      int[] dealt = IntStream.range(start, end).map(i -> i % count).sorted().toArray();
      shuffle(dealt, random);
      int next = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == label) {
          foldOf[i] = dealt[next++];
        }
      }
    }
    return new Folds(all(labels.length), foldOf, count);
  }

  /**
   * Folds that keep the samples of a record together and spread the labels: records are shuffled by
   * Python's generator, ordered by their share of label 1, and dealt in turn.
   *
   * @param recordOf record of every sample, from 0
   */
  public static Folds balancedByRecord(int[] recordOf, int[] labels, int count, int seed) {
    int records = 1 + IntStream.of(recordOf).max().orElse(-1);
    double[] samples = new double[records];
    double[] positives = new double[records];
    for (int i = 0; i < labels.length; i++) {
      samples[recordOf[i]]++;
      positives[recordOf[i]] += labels[i];
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, records).boxed().toList());
    new PythonRandom(seed).shuffle(order);
    order.sort(Comparator.comparingDouble(record -> positives[record] / samples[record]));
    return dealt(order, recordOf, all(labels.length), count);
  }

  /**
   * Folds of some samples that keep those of a record together: records in random order, dealt in
   * turn.
   *
   * @param recordOf record of every sample, from 0
   * @param rows the samples that take part
   * @throws IllegalArgumentException if there are fewer records than folds
   */
  public static Folds byRecord(int[] recordOf, int[] rows, int count, long seed) {
    List<Integer> records =
        Arrays.stream(rows)
            .map(row -> recordOf[row])
            .distinct()
            .sorted()
            .boxed()
            .collect(Collectors.toList());
    if (records.size() < count) {
      throw new IllegalArgumentException(
          "%s records are too few for %s folds; take more records or fewer folds"
              .formatted(records.size(), count));
    }
    Collections.shuffle(records, new Random(seed));
    return dealt(records, recordOf, rows.clone(), count);
  }

  /** The samples outside a fold. */
  public int[] train(int fold) {
    return IntStream.range(0, rows.length)
        .filter(i -> foldOf[i] != fold)
        .map(i -> rows[i])
        .toArray();
  }

  /** The samples of a fold. */
  public int[] test(int fold) {
    return IntStream.range(0, rows.length)
        .filter(i -> foldOf[i] == fold)
        .map(i -> rows[i])
        .toArray();
  }

  private static Folds dealt(List<Integer> records, int[] recordOf, int[] rows, int count) {
    int[] foldOfRecord = new int[1 + Arrays.stream(recordOf).max().orElse(-1)];
    for (int place = 0; place < records.size(); place++) {
      foldOfRecord[records.get(place)] = place % count;
    }
    int[] foldOf = Arrays.stream(rows).map(row -> foldOfRecord[recordOf[row]]).toArray();
    return new Folds(rows, foldOf, count);
  }

  private static int[] all(int samples) {
    return IntStream.range(0, samples).toArray();
  }

  private static void shuffle(int[] values, MersenneTwister random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = atMost(i, random);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** Uniform in [0, most]: NumPy masks the low bits and rejects what is larger. */
  private static int atMost(int most, MersenneTwister random) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(most);
    int value = random.nextInt() & mask;
    while (value > most) {
      value = random.nextInt() & mask;
    }
    return value;
  }
}
