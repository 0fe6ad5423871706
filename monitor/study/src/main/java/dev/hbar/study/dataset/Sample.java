package dev.hbar.study.dataset;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * One question to the model: is this answer faithful?
 *
 * @param id unique in its run, {@code task_record_cor} or {@code task_record_hal}; of several such
 *     answers each with a number behind that
 * @param grade 0 for the right answer, 1 for the hallucinated one, or how far it is from right
 * @param prompt the complete prompt, without chat template
 * @param answer the part of it that is judged; empty if it cannot be told apart
 * @param answerAt where in the prompt the answer begins, in chars; -1 if it cannot be told apart
 * @param spans the hallucinated parts of the answer, if somebody marked them
 */
public record Sample(
    String id,
    double grade,
    String prompt,
    String answer,
    int answerAt,
    Optional<List<Span>> spans) {
  /** From this grade on an answer counts as hallucinated. */
  public static final double CUT = 0.5;

  /** Most difference in length of two answers that look alike, as a share of the longer one. */
  public static final double LENGTH_TOLERANCE = 0.1;

  private static final Pattern SIDE = Pattern.compile("_(cor|hal)\\d*$");

  /**
   * A part of an answer.
   *
   * @param start its first character, counted in code points from 0
   * @param end after its last character
   */
  public record Span(int start, int end) {}

  /** Refuses an answer that does not stand in the prompt where it is said to. */
  public Sample {
    if (answerAt >= 0 && !prompt.startsWith(answer, answerAt)) {
      throw new IllegalArgumentException(id + ": the prompt has no such answer at " + answerAt);
    }
    spans = spans.map(List::copyOf);
  }

  /** A sample without marked parts. */
  public Sample(String id, double grade, String prompt, String answer, int answerAt) {
    this(id, grade, prompt, answer, answerAt, Optional.empty());
  }

  /** A sample whose answer stands in the prompt once, or cannot be found in it. */
  public Sample(String id, double grade, String prompt, String answer) {
    this(id, grade, prompt, answer, answer.isEmpty() ? -1 : prompt.lastIndexOf(answer));
  }

  /** A sample whose answer cannot be told apart. */
  public Sample(String id, double grade, String prompt) {
    this(id, grade, prompt, "", -1);
  }

  /**
   * The record that this answer belongs to: its id without {@code _cor} or {@code _hal} and a
   * number behind them.
   */
  public String record() {
    return SIDE.matcher(id).replaceFirst("");
  }

  /** 0 for a right answer, 1 for a hallucinated one. */
  public int label() {
    return label(grade);
  }

  /** The label of a grade: 1 from {@link #CUT} on. */
  public static int label(double grade) {
    return grade >= CUT ? 1 : 0;
  }

  /** The grade, if the label does not say it. */
  public OptionalDouble between() {
    return between(grade);
  }

  /** A grade between right and hallucinated. */
  public static OptionalDouble between(double grade) {
    return grade > 0 && grade < 1 ? OptionalDouble.of(grade) : OptionalDouble.empty();
  }

  /** Whether the other is the other answer of the same record, and looks alike. */
  boolean matches(Sample other) {
    return record().equals(other.record())
        && label() != other.label()
        && alike(answer, other.answer);
  }

  /**
   * Whether two answers look alike from outside, blanks around them aside: their lengths differ by
   * at most a tenth of the longer one, and they end with the same character.
   */
  static boolean alike(String one, String other) {
    String a = one.strip();
    String b = other.strip();
    if (a.isEmpty() || b.isEmpty()) {
      return false;
    }
    int longer = Math.max(a.length(), b.length());
    return Math.abs(a.length() - b.length()) <= LENGTH_TOLERANCE * longer
        && a.codePointBefore(a.length()) == b.codePointBefore(b.length());
  }
}
