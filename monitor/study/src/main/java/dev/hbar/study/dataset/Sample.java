package dev.hbar.study.dataset;

import java.util.regex.Pattern;

/**
 * One question to the model: is this answer faithful?
 *
 * @param id unique in its run, {@code task_record_cor} or {@code task_record_hal}
 * @param label 0 for the right answer, 1 for the hallucinated one
 * @param prompt the complete prompt, without chat template
 * @param answer the part of it that is judged; empty if it cannot be told apart
 * @param answerAt where in the prompt the answer begins, in chars; -1 if it cannot be told apart
 */
public record Sample(String id, int label, String prompt, String answer, int answerAt) {
  private static final Pattern SIDE = Pattern.compile("_(cor|hal)$");

  /** Refuses an answer that does not stand in the prompt where it is said to. */
  public Sample {
    if (answerAt >= 0 && !prompt.startsWith(answer, answerAt)) {
      throw new IllegalArgumentException(id + ": the prompt has no such answer at " + answerAt);
    }
  }

  /** A sample whose answer stands in the prompt once, or cannot be found in it. */
  public Sample(String id, int label, String prompt, String answer) {
    this(id, label, prompt, answer, answer.isEmpty() ? -1 : prompt.lastIndexOf(answer));
  }

  /** A sample whose answer cannot be told apart. */
  public Sample(String id, int label, String prompt) {
    this(id, label, prompt, "", -1);
  }

  /** The record that this answer belongs to: its id without {@code _cor} or {@code _hal}. */
  public String record() {
    return SIDE.matcher(id).replaceFirst("");
  }
}
