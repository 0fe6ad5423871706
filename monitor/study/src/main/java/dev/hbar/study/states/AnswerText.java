package dev.hbar.study.states;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
