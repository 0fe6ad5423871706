package dev.hbar.cli;

import dev.hbar.mlx.ErrorText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of an error on one line: control characters as escapes, long echoes cut. */
final class ShownText {
  private static final int LONGEST_WORD = 200;
  private static final int LONGEST_LINE = 1000;
  private static final Pattern WORD = Pattern.compile("\\S{" + (LONGEST_WORD + 1) + ",}");

  private ShownText() {}

  static String line(String message) {
    String joined = String.join(" ", message.lines().map(String::strip).toList());
    String words =
        WORD.matcher(joined)
            .replaceAll(word -> Matcher.quoteReplacement(cut(word.group(), LONGEST_WORD)));
    return ErrorText.oneLine(cut(words, LONGEST_LINE));
  }

  /** The start and the end: a path tells most at its end, a message at its start. */
  private static String cut(String text, int longest) {
    int half = longest / 2;
    return text.length() <= longest
        ? text
        : text.substring(0, half) + "..." + text.substring(text.length() - half);
  }
}
