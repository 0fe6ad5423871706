package dev.hbar.mlx;

import java.util.Locale;

/** Text for error messages: names come from files, so they may hold anything. */
public final class ErrorText {
  private static final int MAX_NAME = 120;
  private static final int MAX_REASON = 200;

  private ErrorText() {}

  /** {@code text} on one line: control characters and unpaired surrogates become escapes. */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(line, point));
    return line.toString();
  }

  /** The lines of a text as one, joined with blanks. */
  public static String joined(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /** Why something failed, in one line of at most 200 characters: its message, or its type. */
  public static String reason(Throwable error) {
    String message = error.getMessage();
    String line = joined(message == null ? error.getClass().getSimpleName() : message);
    return oneLine(line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "...");
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
