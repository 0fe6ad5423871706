package dev.hbar.study.detect;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Folds that keep a record's answers together: records in random order, dealt round.
 *
 * @param foldOf fold of every sample that takes part
 * @param count number of folds
 */
record GroupFolds(int[] rows, int[] foldOf, int count) {
  /**
   * Folds of some samples.
   *
   * @param recordOf record of every sample
   * @param rows the samples that take part
   * @throws IllegalArgumentException if there are fewer records than folds
   */
  static GroupFolds of(int[] recordOf, int[] rows, int count, long seed) {
    List<Integer> records =
        Arrays.stream(rows)
            .map(row -> recordOf[row])
            .distinct()
            .sorted()
            .boxed()
            .collect(Collectors.toList());
    if (records.size() < count) {
      throw new IllegalArgumentException(
          "%s records are too few for %s folds".formatted(records.size(), count));
    }
    Collections.shuffle(records, new Random(seed));
    int[] foldOfRecord = new int[1 + Arrays.stream(recordOf).max().orElse(-1)];
    for (int i = 0; i < records.size(); i++) {
      foldOfRecord[records.get(i)] = i % count;
    }
    int[] foldOf = Arrays.stream(rows).map(row -> foldOfRecord[recordOf[row]]).toArray();
    return new GroupFolds(rows.clone(), foldOf, count);
  }

  /** The samples outside a fold. */
  int[] train(int fold) {
    return IntStream.range(0, rows.length)
        .filter(i -> foldOf[i] != fold)
        .map(i -> rows[i])
        .toArray();
  }

  /** The samples of a fold. */
  int[] test(int fold) {
    return IntStream.range(0, rows.length)
        .filter(i -> foldOf[i] == fold)
        .map(i -> rows[i])
        .toArray();
  }
}
