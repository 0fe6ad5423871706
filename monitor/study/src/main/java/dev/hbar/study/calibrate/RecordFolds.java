package dev.hbar.study.calibrate;

import dev.hbar.study.dataset.PythonRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Folds that keep the samples of a record together: what is fitted on one answer of a record knows
 * its context. Records are shuffled by Python's generator, put in order of their share of
 * hallucinated answers, and dealt round.
 */
final class RecordFolds {
  private static final int SEED = 42;

  private RecordFolds() {}

  /** For every sample the fold that it is tested in, 0 to folds - 1. */
  static int[] of(int[] recordOf, int[] labels, int folds) {
    int records = 1 + IntStream.of(recordOf).max().orElse(-1);
    double[] samples = new double[records];
    double[] positives = new double[records];
    for (int i = 0; i < labels.length; i++) {
      samples[recordOf[i]]++;
      positives[recordOf[i]] += labels[i];
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, records).boxed().toList());
    new PythonRandom(SEED).shuffle(order);
    order.sort(Comparator.comparingDouble(record -> positives[record] / samples[record]));
    int[] foldOf = new int[records];
    for (int place = 0; place < records; place++) {
      foldOf[order.get(place)] = place % folds;
    }
    return IntStream.of(recordOf).map(record -> foldOf[record]).toArray();
  }
}
