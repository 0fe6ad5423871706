package dev.hbar.model.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites what Jinjava cannot parse or reads otherwise than Jinja2, inside tags and outside string
 * literals only:
 *
 * <ul>
 *   <li>{@code namespace(a=1, b=x)} becomes {@code namespace({'a': 1, 'b': x})};
 *   <li>the reversing slice {@code [::-1]} becomes the filter {@code |reverse};
 *   <li>{@code not x is y}, {@code not x in y} and {@code not x == y}, which Jinjava takes as
 *       {@code (not x) is y}, become {@code x is not y}, {@code x not in y} and {@code x != y}.
 * </ul>
 */
final class TemplateDialect {

  private static final String NAMESPACE = "namespace(";
  private static final String REVERSED = "[::-1]";

  private static final String LITERAL = "'[^'\\\\]*'|\"[^\"\\\\]*\"";
  private static final String ATTRIBUTES = "(?:\\.\\w+|\\[(?:-?\\w+|" + LITERAL + ")\\])*";
  private static final String FILTERS = "(?:\\s*\\|\\s*\\w+)*";

  /** A name or literal with attributes and plain filters, between "not" and a test. */
  private static final Pattern NEGATED_TEST =
      Pattern.compile(
          "\\bnot\\s+((?:\\w+|%s)%s%s)\\s+(is\\s+not\\b|is\\b|in\\b|==|!=)"
              .formatted(LITERAL, ATTRIBUTES, FILTERS));

  private final String source;
  private final StringBuilder out;
  private final Matcher negatedTest;
  private int at;

  private TemplateDialect(String source) {
    this.source = source;
    // The word boundary must see what stands before the region.
    this.negatedTest = NEGATED_TEST.matcher(source).useTransparentBounds(true);
    this.out = new StringBuilder(source.length() + 64);
  }

  /** The template in Jinjava's dialect; one newline at the end is dropped, as Jinja2 does. */
  static String adapt(String template) {
    String source =
        template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    return new TemplateDialect(source).run();
  }

  private String run() {
    while (at < source.length()) {
      if (source.startsWith("{#", at)) {
        copyThrough("#}");
      } else if (source.startsWith("{{", at)) {
        copyTag("}}");
      } else if (source.startsWith("{%", at)) {
        copyTag("%}");
      } else {
        out.append(source.charAt(at++));
      }
    }
    return out.toString();
  }

  private void copyTag(String end) {
    copy(2);
    while (at < source.length() && !source.startsWith(end, at)) {
      char c = source.charAt(at);
      if (c == '"' || c == '\'') {
        copyLiteral();
      } else if (source.startsWith(REVERSED, at)) {
        out.append("|reverse");
        at += REVERSED.length();
      } else if (source.startsWith(NAMESPACE, at)) {
        copyNamespace();
      } else if (c == 'n' && negatedTest.region(at, source.length()).lookingAt()) {
        copyNegatedTest();
      } else {
        copy(1);
      }
    }
  }

  private void copyNegatedTest() {
    String operator =
        switch (negatedTest.group(2)) {
          case "is" -> "is not";
          case "in" -> "not in";
          case "==" -> "!=";
          case "!=" -> "==";
          default -> "is";
        };
    out.append(negatedTest.group(1)).append(' ').append(operator);
    at = negatedTest.end();
  }

  private void copyNamespace() {
    int close = closing(at + NAMESPACE.length());
    String arguments = source.substring(at + NAMESPACE.length(), close);
    out.append(NAMESPACE).append(asDictionary(arguments));
    at = close;
  }

  private static String asDictionary(String arguments) {
    StringBuilder entries = new StringBuilder();
    int start = 0;
    while (start < arguments.length()) {
      int end = endOfArgument(arguments, start);
      String argument = arguments.substring(start, end);
      int equals = argument.indexOf('=');
      if (equals < 0 || !argument.substring(0, equals).strip().matches("\\w+")) {
        return arguments;
      }
      entries.append(entries.isEmpty() ? "" : ", ");
      String name = argument.substring(0, equals).strip();
      entries.append("'%s':%s".formatted(name, argument.substring(equals + 1)));
      start = end + 1;
    }
    return entries.isEmpty() ? "" : "{" + entries + "}";
  }

  private static int endOfArgument(String arguments, int from) {
    int depth = 0;
    for (int i = from; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      if (c == '"' || c == '\'') {
        i = endOfLiteral(arguments, i);
      } else if ("([{".indexOf(c) >= 0) {
        depth++;
      } else if (")]}".indexOf(c) >= 0) {
        depth--;
      } else if (c == ',' && depth == 0) {
        return i;
      }
    }
    return arguments.length();
  }

  /**
   * The index of the bracket that closes the one before {@code from}, or the end of an unbalanced
   * template.
   */
  private int closing(int from) {
    int depth = 1;
    for (int i = from; i < source.length(); i++) {
      char c = source.charAt(i);
      if (c == '"' || c == '\'') {
        i = endOfLiteral(source, i);
      } else if (c == '(') {
        depth++;
      } else if (c == ')' && --depth == 0) {
        return i;
      }
    }
    return source.length();
  }

  /** The index of the quote that ends a literal, or the last index of an unbalanced template. */
  private static int endOfLiteral(String text, int open) {
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == text.charAt(open)) {
        return i;
      }
    }
    return text.length() - 1;
  }

  private void copyLiteral() {
    copy(endOfLiteral(source, at) - at + 1);
  }

  private void copyThrough(String end) {
    int found = source.indexOf(end, at);
    copy((found < 0 ? source.length() : found + end.length()) - at);
  }

  private void copy(int count) {
    out.append(source, at, at + count);
    at += count;
  }
}
