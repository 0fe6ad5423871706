package dev.hbar.study.dataset;

import java.util.List;
import java.util.Locale;

/**
 * The samples a protocol has drawn.
 *
 * @param protocol how
 * @param set which side of the split
 * @param n number of samples
 * @param seed of Python's generator
 * @param samples n of them, in order
 */
public record Draw(Protocol protocol, Partition set, int n, long seed, List<Pick> samples) {
  /** Copies the list. */
  public Draw {
    samples = List.copyOf(samples);
  }

  /** The two sides of a split: parameters are fitted on one and judged on the other. */
  public enum Partition {
    /** For calibration. */
    TRAIN,
    /** For validation. */
    TEST;

    /** The name in options and headers. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return id();
    }
  }

  /**
   * A sample that was drawn, before any file is read.
   *
   * @param task its task
   * @param number the number in its id; the study counts its draws, pairs-v1 the file's records
   * @param recordIndex the record in the task's file, from 0
   * @param label 0 for the right answer, 1 for the hallucinated one
   */
  public record Pick(HaluEvalTask task, int number, int recordIndex, int label) {
    /** For example {@code qa_814_cor}. */
    public String id() {
      return task.sampleId(number, label);
    }
  }
}
