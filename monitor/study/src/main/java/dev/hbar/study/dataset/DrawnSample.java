package dev.hbar.study.dataset;

/**
 * A sample that a protocol has drawn, before any file is read.
 *
 * @param task its task
 * @param number the number in its id; the study counts its draws, pairs-v1 the file's records
 * @param recordIndex the record in the task's file, from 0
 * @param label 0 for the right answer, 1 for the hallucinated one
 */
public record DrawnSample(HaluEvalTask task, int number, int recordIndex, int label) {
  /** For example {@code qa_814_cor}. */
  public String id() {
    return task.sampleId(number, label);
  }
}
