package dev.hbar.study.dataset;

import dev.hbar.study.statistics.PythonRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The draw of pairs-v1. The records of each task are shuffled (one generator, the tasks in their
 * order) and cut in halves. A set takes the tasks in turn, one record each, and both answers of it,
 * the right one first: so a smaller n is the beginning of a larger one. Ids count the file's
 * records.
 */
final class PairsDraw {
  private PairsDraw() {}

  static List<DrawnSample> draw(
      Map<HaluEvalTask, Integer> records, Partition set, int n, long seed) {
    PythonRandom random = new PythonRandom(seed);
    List<List<DrawnSample>> tasks = new ArrayList<>();
    for (HaluEvalTask task : HaluEvalTask.values()) {
      List<Integer> shuffled =
          IntStream.range(0, records.getOrDefault(task, 0))
              .boxed()
              .collect(Collectors.toCollection(ArrayList::new));
      random.shuffle(shuffled);
      int middle = shuffled.size() / 2;
      List<Integer> side =
          set == Partition.TRAIN
              ? shuffled.subList(0, middle)
              : shuffled.subList(middle, shuffled.size());
      tasks.add(side.stream().map(record -> new DrawnSample(task, record, record, 0)).toList());
    }
    return inTurn(tasks, n);
  }

  private static List<DrawnSample> inTurn(List<List<DrawnSample>> tasks, int n) {
    int most = 2 * tasks.stream().mapToInt(List::size).sum();
    if (n < 2 || n > most || n % 2 != 0) {
      throw new IllegalArgumentException(
          "n must be even (both answers of a record) and 2 to %s, not %s".formatted(most, n));
    }
    List<DrawnSample> drawn = new ArrayList<>(n);
    for (int round = 0; drawn.size() < n; round++) {
      for (List<DrawnSample> task : tasks) {
        if (round < task.size() && drawn.size() < n) {
          DrawnSample right = task.get(round);
          drawn.add(right);
          drawn.add(new DrawnSample(right.task(), right.number(), right.recordIndex(), 1));
        }
      }
    }
    return drawn;
  }
}
