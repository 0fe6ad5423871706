package dev.hbar.tests.house;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A text file of the project.
 *
 * @param path relative to the project's root, with forward slashes
 */
record SourceFile(String path, String text) {
  // Literals first, so that a comment sign inside a string is not taken for a comment.
  private static final Pattern LITERAL_OR_COMMENT =
      Pattern.compile(
          "\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\])++'"
              + "|/\\*[\\s\\S]*?\\*/|//[^\n]*");

  boolean isJava() {
    return path.endsWith(".java") && !isGenerated();
  }

  boolean isGenerated() {
    return path.startsWith("mlx-bindings/src/generated/");
  }

  /** Hand-written Java that ships. */
  boolean isMainJava() {
    return isJava() && path.contains("/src/main/java/");
  }

  /** Rules and their bad examples spell what the rules forbid. */
  boolean isAboutRules() {
    return path.startsWith("tests/src/test/java/dev/hbar/tests/house/");
  }

  boolean isIn(String folder) {
    return path.contains(folder);
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /** This file with every comment of the Java language removed; line numbers stay. */
  SourceFile withoutComments() {
    String code =
        LITERAL_OR_COMMENT
            .matcher(text)
            .replaceAll(
                match ->
                    match.group().startsWith("/")
                        ? "\n".repeat((int) match.group().lines().count() - 1)
                        : Matcher.quoteReplacement(match.group()));
    return new SourceFile(path, code);
  }

  /** {@code path:line: text} for every line in which the pattern is found. */
  List<String> matches(Pattern pattern) {
    List<String> lines = lines();
    return IntStream.range(0, lines.size())
        .filter(i -> pattern.matcher(lines.get(i)).find())
        .mapToObj(i -> path + ":" + (i + 1) + ": " + lines.get(i).strip())
        .toList();
  }
}
