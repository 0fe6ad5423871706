package dev.hbar.mlx;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Text for error messages: names come from files, so they may hold anything. */
public final class ErrorText {
  private static final int MAX_NAME = 120;
  private static final int MAX_REASON = 200;
  private static final int FIRST_EMBEDDING = 0x202a;
  private static final int LAST_EMBEDDING = 0x202e;
  private static final int FIRST_ISOLATE = 0x2066;
  private static final int LAST_ISOLATE = 0x2069;

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
    String message = error instanceof FileSystemException file ? reason(file) : error.getMessage();
    String line = joined(message == null ? error.getClass().getSimpleName() : message);
    return oneLine(line.length() <= MAX_REASON ? line : line.substring(0, MAX_REASON) + "...");
  }

  /** Java's message is only the path, or the path and the system's words. */
  private static String reason(FileSystemException error) {
    return switch (error) {
      case NoSuchFileException gone -> "no such file";
      case AccessDeniedException denied -> "permission denied";
      case FileAlreadyExistsException there -> "a file of that name is there";
      case NotDirectoryException file -> "not a folder";
      case DirectoryNotEmptyException full -> "the folder is not empty";
      case FileSystemLoopException loop -> "a link leads back to itself";
      default -> error.getReason() == null ? error.getMessage() : error.getReason();
    };
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

  /**
   * False for control characters, line separators, unpaired surrogates and what turns the direction
   * of the text around it.
   */
  public static boolean isPrintable(int point) {
    int type = Character.getType(point);
    return type != Character.CONTROL
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && !(point >= FIRST_EMBEDDING && point <= LAST_EMBEDDING)
        && !(point >= FIRST_ISOLATE && point <= LAST_ISOLATE);
  }
}
