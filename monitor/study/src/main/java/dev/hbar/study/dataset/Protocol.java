package dev.hbar.study.dataset;

import dev.hbar.study.statistics.PythonRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How samples are drawn from the three HaluEval files, and what their prompts show. */
public enum Protocol {
  /**
   * The published study's draw, its empty dialogues included, so that its figures can be
   * reproduced. Per task 1666 records, two samples each, numbered in the order drawn; all shuffled;
   * shuffled again for the split in halves; n drawn from the wanted half. The two answers of a
   * record may land on different sides: a defect that pairs-v1 does not have.
   */
  STUDY_2026_01("study-2026-01") {
    @Override
    List<Draw.Pick> picks(
        Map<HaluEvalTask, Integer> records, Draw.Partition set, int n, long seed) {
      List<Draw.Pick> shuffled = pool(records, seed);
      new PythonRandom(seed).shuffle(shuffled);
      List<Draw.Pick> half = half(shuffled, set);
      if (n < 1 || n > half.size()) {
        throw new IllegalArgumentException("n must be 1 to %s, not %s".formatted(half.size(), n));
      }
      return new PythonRandom(seed).sample(half, n);
    }

    private static List<Draw.Pick> pool(Map<HaluEvalTask, Integer> records, long seed) {
      PythonRandom random = new PythonRandom(seed);
      List<Draw.Pick> pool = new ArrayList<>();
      for (HaluEvalTask task : HaluEvalTask.values()) {
        int count = records.getOrDefault(task, 0);
        if (count < STUDY_RECORDS) {
          throw new IllegalArgumentException(
              "needs %s records of every task, and there are %s of %s"
                  .formatted(STUDY_RECORDS, count, task.id()));
        }
        List<Integer> drawn = random.sample(indices(count), STUDY_RECORDS);
        for (int number = 0; number < drawn.size(); number++) {
          pool.add(new Draw.Pick(task, number, drawn.get(number), 0));
          pool.add(new Draw.Pick(task, number, drawn.get(number), 1));
        }
      }
      random.shuffle(pool);
      return pool;
    }

    /**
     * The study read a field "dialogue", which the data does not have: its dialogues were empty.
     */
    @Override
    Map<String, String> shown(Map<String, String> record) {
      if (!record.containsKey(DIALOGUE)) {
        return record;
      }
      Map<String, String> emptied = new HashMap<>(record);
      emptied.put(DIALOGUE, "");
      return emptied;
    }
  },

  /**
   * The default: both answers of a record on one side and neighbours, dialogues as they are. The
   * records of each task are shuffled (one generator, the tasks in their order) and cut in halves.
   * A set takes the tasks in turn, one record each, and both answers of it, the right one first, so
   * that a smaller n is the beginning of a larger one. Ids count the file's records.
   */
  PAIRS_V1("pairs-v1") {
    @Override
    List<Draw.Pick> picks(
        Map<HaluEvalTask, Integer> records, Draw.Partition set, int n, long seed) {
      PythonRandom random = new PythonRandom(seed);
      List<List<Draw.Pick>> tasks = new ArrayList<>();
      for (HaluEvalTask task : HaluEvalTask.values()) {
        List<Integer> shuffled = indices(records.getOrDefault(task, 0));
        random.shuffle(shuffled);
        tasks.add(
            half(shuffled, set).stream()
                .map(record -> new Draw.Pick(task, record, record, 0))
                .toList());
      }
      return inTurn(tasks, n);
    }

    private static List<Draw.Pick> inTurn(List<List<Draw.Pick>> tasks, int n) {
      int most = 2 * tasks.stream().mapToInt(List::size).sum();
      if (n < 2 || n > most || n % 2 != 0) {
        throw new IllegalArgumentException(
            "n must be even (both answers of a record) and 2 to %s, not %s".formatted(most, n));
      }
      List<Draw.Pick> drawn = new ArrayList<>(n);
      for (int round = 0; drawn.size() < n; round++) {
        for (List<Draw.Pick> task : tasks) {
          if (round < task.size() && drawn.size() < n) {
            Draw.Pick right = task.get(round);
            drawn.add(right);
            drawn.add(new Draw.Pick(right.task(), right.number(), right.recordIndex(), 1));
          }
        }
      }
      return drawn;
    }

    @Override
    Map<String, String> shown(Map<String, String> record) {
      return record;
    }
  };

  private static final String DIALOGUE = "dialogue_history";
  private static final int STUDY_RECORDS = (10_000 / 3) / 2;

  private final String id;

  Protocol(String id) {
    this.id = id;
  }

  /** The name in options and headers. */
  public String id() {
    return id;
  }

  @Override
  public String toString() {
    return id();
  }

  /**
   * The samples in their order. No file is read: the draw depends on the record counts only.
   *
   * @param records number of records of every task
   * @throws IllegalArgumentException if n is not possible; the message starts with n
   */
  public Draw draw(Map<HaluEvalTask, Integer> records, Draw.Partition set, int n, long seed) {
    return new Draw(this, set, n, seed, picks(records, set, n, seed));
  }

  abstract List<Draw.Pick> picks(
      Map<HaluEvalTask, Integer> records, Draw.Partition set, int n, long seed);

  /** The record as this protocol's prompts show it. */
  abstract Map<String, String> shown(Map<String, String> record);

  private static List<Integer> indices(int count) {
    return IntStream.range(0, count).boxed().collect(Collectors.toCollection(ArrayList::new));
  }

  private static <T> List<T> half(List<T> all, Draw.Partition set) {
    int middle = all.size() / 2;
    return switch (set) {
      case TRAIN -> all.subList(0, middle);
      case TEST -> all.subList(middle, all.size());
    };
  }
}
