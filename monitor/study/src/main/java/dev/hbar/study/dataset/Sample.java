package dev.hbar.study.dataset;

/**
 * One question to the model: is this answer faithful?
 *
 * @param id unique in its run, {@code task_record_cor} or {@code task_record_hal}
 * @param label 0 for the right answer, 1 for the hallucinated one
 * @param prompt the complete prompt, without chat template
 * @param answer the part of it that is judged; empty if it cannot be told apart
 */
public record Sample(String id, int label, String prompt, String answer) {
  /** A sample whose answer cannot be told apart. */
  public Sample(String id, int label, String prompt) {
    this(id, label, prompt, "");
  }
}
