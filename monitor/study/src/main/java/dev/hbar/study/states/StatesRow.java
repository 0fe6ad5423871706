package dev.hbar.study.states;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.dataset.Sample;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A line of the index: one sample.
 *
 * @param row its row in the tensors; -1 if it failed
 * @param tokenRow first of its {@code answer_tokens} rows in the tensors of every answer token
 * @param id the sample's
 * @param label 0 right, 1 hallucinated
 * @param grade how far it is from right, between 0 and 1, if the label does not say it
 * @param task the dataset's name
 * @param record what its two answers share
 * @param promptTokens tokens before the answer
 * @param answerTokens tokens of the answer
 * @param text what the answer looks like
 * @param signals the aggregates of {@link GivenModel.Score}
 * @param tokenLabels a 1 for each token of the answer that was marked as hallucinated, a 0 for each
 *     other one; empty if nothing was marked
 * @param error why there is none; empty if it did not fail
 */
@JsonPropertyOrder({
  "row",
  "token_row",
  "id",
  "label",
  "grade",
  "task",
  "record",
  "prompt_tokens",
  "answer_tokens",
  "text",
  "signals",
  "token_labels",
  "error"
})
public record StatesRow(
    int row,
    long tokenRow,
    String id,
    int label,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble grade,
    String task,
    String record,
    int promptTokens,
    int answerTokens,
    AnswerText text,
    Map<String, Double> signals,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String tokenLabels,
    String error) {
  /**
   * Copies the map and keeps its order.
   *
   * @throws IllegalArgumentException for a label other than 0 and 1
   */
  public StatesRow {
    for (Object part : Arrays.asList(id, task, record, error)) {
      Objects.requireNonNull(part);
    }
    signals.values().forEach(Objects::requireNonNull);
    tokenLabels = Objects.requireNonNullElse(tokenLabels, "");
    if (!tokenLabels.matches("[01]*")
        || (!tokenLabels.isEmpty() && tokenLabels.length() != answerTokens)) {
      throw new IllegalArgumentException("token labels " + tokenLabels);
    }
    if (label != 0 && label != 1) {
      throw new IllegalArgumentException("label " + label);
    }
    grade = Objects.requireNonNullElse(grade, OptionalDouble.empty());
    double exact = grade.orElse(label);
    if (!(exact >= 0) || !(exact <= 1) || Sample.label(exact) != label) {
      throw new IllegalArgumentException("grade " + exact + " of label " + label);
    }
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
  }

  /** How far it is from right: 0 right to 1 hallucinated. */
  public double exact() {
    return grade.orElse(label);
  }

  /** Whether it has states. */
  public boolean failed() {
    return row < 0;
  }

  /** The same sample further down in larger tensors. */
  StatesRow moved(int rows, long tokenRows) {
    return new StatesRow(
        failed() ? row : row + rows,
        tokenRow + tokenRows,
        id,
        label,
        grade,
        task,
        record,
        promptTokens,
        answerTokens,
        text,
        signals,
        tokenLabels,
        error);
  }

  /**
   * What an answer looks like from outside, without any model: what a detector has to beat.
   *
   * @param chars length in characters, blanks around it aside
   * @param words number of words
   * @param last its last character
   * @param overlap share of its distinct words that stand before it in the prompt, in [0, 1]
   */
  @JsonPropertyOrder({"chars", "words", "last", "overlap"})
  public record AnswerText(int chars, int words, String last, double overlap) {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    /**
     * The features of an answer.
     *
     * @param before the prompt up to it
     */
    public static AnswerText of(String before, String answer) {
      String text = answer.strip();
      Set<String> told = words(before);
      Set<String> said = words(text);
      long known = said.stream().filter(told::contains).count();
      String last = text.isEmpty() ? "" : Character.toString(text.codePointBefore(text.length()));
      int count = (int) Arrays.stream(NO_WORD.split(text)).filter(word -> !word.isEmpty()).count();
      double overlap = said.isEmpty() ? 0 : known / (double) said.size();
      return new AnswerText(text.codePointCount(0, text.length()), count, last, overlap);
    }

    private static Set<String> words(String text) {
      return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT)))
          .filter(word -> !word.isEmpty())
          .collect(Collectors.toSet());
    }
  }
}
