package dev.hbar.study;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/**
 * A file or folder of a study that cannot be read, used, resumed or written, or a comparison that
 * makes no sense; the message is one complete line.
 */
public final class StudyException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error that belongs to no single file, or names it. */
  public StudyException(String message) {
    super(message);
  }

  /** An error that another exception caused. */
  public StudyException(String message, Throwable cause) {
    super(message, cause);
  }

  /** An error of a whole file or folder. */
  public StudyException(Path file, String problem) {
    super(ErrorText.oneLine(file + ": " + problem));
  }

  /**
   * An error in one line.
   *
   * @param lineNumber from 1, as editors count; the header of a score file is line 1
   */
  public StudyException(Path file, long lineNumber, String problem) {
    super(ErrorText.oneLine(file + ", line " + lineNumber + ": " + problem));
  }
}
