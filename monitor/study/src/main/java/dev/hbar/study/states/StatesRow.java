package dev.hbar.study.states;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A line of the index: one sample.
 *
 * @param row its row in the tensors; -1 if it failed
 * @param tokenRow first of its {@code answer_tokens} rows in the tensors of every answer token
 * @param id the sample's
 * @param label 0 right, 1 hallucinated
 * @param task the dataset's name
 * @param record what its two answers share
 * @param promptTokens tokens before the answer
 * @param answerTokens tokens of the answer
 * @param text what the answer looks like
 * @param signals the aggregates of {@link GivenScore}
 * @param error why there is none; empty if it did not fail
 */
@JsonPropertyOrder({
  "row",
  "token_row",
  "id",
  "label",
  "task",
  "record",
  "prompt_tokens",
  "answer_tokens",
  "text",
  "signals",
  "error"
})
public record StatesRow(
    int row,
    long tokenRow,
    String id,
    int label,
    String task,
    String record,
    int promptTokens,
    int answerTokens,
    AnswerText text,
    Map<String, Double> signals,
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
    if (label != 0 && label != 1) {
      throw new IllegalArgumentException("label " + label);
    }
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
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
        task,
        record,
        promptTokens,
        answerTokens,
        text,
        signals,
        error);
  }
}
