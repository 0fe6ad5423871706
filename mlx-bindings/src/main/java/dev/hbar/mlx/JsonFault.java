package dev.hbar.mlx;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a text is not JSON, in words for users: the parser's own name its classes and settings, and
 * change with its version.
 */
public final class JsonFault {
  private record Words(Pattern parser, String ours) {}

  /** The first that fits counts. */
  private static final List<Words> WORDS =
      List.of(
          words("^(?:Unexpected|Illegal).*CTRL-CHAR, code (\\d+).*", "a control character ($1)"),
          words("^Unexpected character \\(('.+') \\(code.*", "unexpected $1"),
          words("^Unexpected close marker ('.').*", "unexpected $1"),
          words("^(?:Unexpected end-of-input|No content).*", "it ends too early"),
          words("^Unrecognized token '([^']*).*", "unknown word '$1'"),
          words("^Unrecognized character escape.*", "an escape that JSON does not have"),
          words("^Duplicate field ('.*?')(?: for .*)?$", "field $1 is there twice"),
          words("^Document nesting depth.* \\((\\d+), from.*", "nested more than $1 deep"),
          words(".*length.* exceeds the maximum.*\\((\\d+), from.*", "one value is longer than $1"),
          words("^Trailing token.*", "something stands after its end"),
          words("^Non-standard token ('.*?'):.*", "$1 is no number of JSON"),
          words("^Invalid UTF-8.*", "not UTF-8"),
          words("(?i).*surrogate.*", "half of a surrogate pair"),
          words("(?i).*out of range.*", "a number is too large"),
          words("(?i).*numeric value.*", "a malformed number"));

  private JsonFault() {}

  private static Words words(String parser, String ours) {
    return new Words(Pattern.compile(parser), ours);
  }

  /** One line for what Jackson's {@code getOriginalMessage} says. */
  public static String of(String parserMessage) {
    String line = parserMessage.lines().findFirst().orElse("");
    for (Words words : WORDS) {
      Matcher found = words.parser().matcher(line);
      if (found.matches()) {
        return ErrorText.oneLine(found.replaceAll(words.ours()));
      }
    }
    return "not written as JSON is";
  }
}
