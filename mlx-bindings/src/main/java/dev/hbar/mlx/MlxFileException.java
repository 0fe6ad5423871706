package dev.hbar.mlx;

import java.nio.file.Path;

/**
 * A file could not be read or written. The message is one complete line: the file, what is wrong
 * with it, and the way out.
 */
public final class MlxFileException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error with a complete message; control characters in it are escaped. */
  public MlxFileException(String message) {
    super(ErrorText.oneLine(message));
  }

  /** An error with a complete message and the exception that was met. */
  public MlxFileException(String message, Throwable cause) {
    super(ErrorText.oneLine(message), cause);
  }

  /** {@code file: what; wayOut}. */
  public static MlxFileException of(Path file, String what, String wayOut) {
    return new MlxFileException(file + ": " + what + "; " + wayOut);
  }

  /** {@code file: what; wayOut}, with the exception that was met. */
  public static MlxFileException of(Path file, String what, String wayOut, Throwable cause) {
    return new MlxFileException(file + ": " + what + "; " + wayOut, cause);
  }
}
