package dev.hbar.study.evidence;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.ClusteredLogit;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Moments;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether a signal says something beside the answer's length: its coefficient in a logistic
 * regression of the label on one constant per task, the length and the signal, both standardized
 * within the task.
 */
final class LengthCovariate {
  private final String name;
  private final int[] labels;
  private final int[] recordOf;
  private final int[] taskOf;
  private final int tasks;
  private final double[] length;

  private LengthCovariate(ScoreColumns columns, String name) {
    this.name = name;
    this.labels = columns.labels();
    this.recordOf = columns.recordOf();
    this.taskOf = columns.taskOf();
    this.tasks = columns.tasks().size();
    this.length = standardized(columns.column(name));
  }

  static LengthCovariate of(ScoreColumns columns, String name) {
    return new LengthCovariate(columns, name);
  }

  /** The coefficient of a signal; empty for the length itself. */
  Optional<Estimate> beside(String signal, double[] oriented) {
    if (signal.equals(name)) {
      return Optional.empty();
    }
    double[] values = standardized(oriented);
    double[][] rows = new double[labels.length][tasks + 2];
    for (int i = 0; i < rows.length; i++) {
      rows[i][taskOf[i]] = 1;
      rows[i][tasks] = length[i];
      rows[i][tasks + 1] = values[i];
    }
    return new ClusteredLogit(rows, labels, recordOf).last();
  }

  private double[] standardized(double[] values) {
    double[] standardized = new double[values.length];
    for (int task = 0; task < tasks; task++) {
      int one = task;
      int[] samples = IntStream.range(0, values.length).filter(i -> taskOf[i] == one).toArray();
      Moments moments = Moments.of(IntStream.of(samples).mapToDouble(i -> values[i]).toArray());
      for (int i : samples) {
        standardized[i] = moments.sd() > 0 ? (values[i] - moments.mean()) / moments.sd() : 0;
      }
    }
    return standardized;
  }
}
