package dev.hbar.study.dataset;

import dev.hbar.study.statistics.PythonRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The study's draw. Per task 1666 records, two samples each, numbered in the order drawn; all
 * shuffled; shuffled again for the split in halves; n drawn from the wanted half. The two answers
 * of a record may come to different sides: a defect that the newer protocol does not have.
 */
final class StudyDraw {
  private static final int RECORDS_PER_TASK = (10_000 / 3) / 2;

  private StudyDraw() {}

  static List<DrawnSample> draw(
      Map<HaluEvalTask, Integer> records, Partition set, int n, long seed) {
    List<DrawnSample> half = half(pool(records, seed), set, seed);
    if (n < 1 || n > half.size()) {
      throw new IllegalArgumentException("n must be 1 to %s, not %s".formatted(half.size(), n));
    }
    return new PythonRandom(seed).sample(half, n);
  }

  private static List<DrawnSample> pool(Map<HaluEvalTask, Integer> records, long seed) {
    PythonRandom random = new PythonRandom(seed);
    List<DrawnSample> pool = new ArrayList<>();
    for (HaluEvalTask task : HaluEvalTask.values()) {
      int count = records.getOrDefault(task, 0);
      if (count < RECORDS_PER_TASK) {
        throw new IllegalArgumentException(
            "needs %s records of every task, and there are %s of %s"
                .formatted(RECORDS_PER_TASK, count, task.id()));
      }
      List<Integer> all = IntStream.range(0, count).boxed().toList();
      List<Integer> drawn = random.sample(all, RECORDS_PER_TASK);
      for (int number = 0; number < drawn.size(); number++) {
        pool.add(new DrawnSample(task, number, drawn.get(number), 0));
        pool.add(new DrawnSample(task, number, drawn.get(number), 1));
      }
    }
    random.shuffle(pool);
    return pool;
  }

  private static List<DrawnSample> half(List<DrawnSample> pool, Partition set, long seed) {
    List<DrawnSample> shuffled = new ArrayList<>(pool);
    new PythonRandom(seed).shuffle(shuffled);
    int middle = shuffled.size() / 2;
    return switch (set) {
      case TRAIN -> shuffled.subList(0, middle);
      case TEST -> shuffled.subList(middle, shuffled.size());
    };
  }
}
