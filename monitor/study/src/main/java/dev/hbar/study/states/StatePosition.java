package dev.hbar.study.states;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where a state is taken. */
public enum StatePosition {
  /** The last token of the whole prompt, the question about the answer included. */
  LAST_PROMPT,
  /** The last token of the answer. */
  LAST_ANSWER,
  /** The mean over the answer's tokens, in float32. */
  MEAN_ANSWER,
  /** Every token of the answer, one row each. */
  ANSWER;

  /** The name in options and files, for example {@code mean-answer}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return id();
  }

  /**
   * The position of this name.
   *
   * @throws IllegalArgumentException listing the names
   */
  public static StatePosition of(String id) {
    return Arrays.stream(values())
        .filter(position -> position.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no position "
                        + id
                        + "; there are "
                        + Arrays.stream(values())
                            .map(StatePosition::id)
                            .collect(Collectors.joining(", "))));
  }
}
