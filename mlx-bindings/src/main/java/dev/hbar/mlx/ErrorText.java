package dev.hbar.mlx;

import java.util.Locale;

/** Text for error messages: names come from files, so they may hold anything. */
public final class ErrorText {
  private static final int MAX_NAME = 120;

  private ErrorText() {}

  /** {@code text} on one line: control characters and unpaired surrogates become escapes. */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(line, point));
    return line.toString();
  }

  /** {@code name} in quotes, on one line, cut after 120 characters. */
  public static String quoted(String name) {
    String shown = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "...";
    return '"' + oneLine(shown) + '"';
  }

  private static void append(StringBuilder line, int point) {
    if (isPrintable(point)) {
      line.appendCodePoint(point);
    } else {
      line.append(String.format(Locale.ROOT, "\\u%04x", point));
    }
  }

  /** False for control characters, line separators and unpaired surrogates. */
  public static boolean isPrintable(int point) {
    int type = Character.getType(point);
    return type != Character.CONTROL
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
