package dev.hbar.study.dataset;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** A dataset file that cannot be used; the message is one line: file, line, what is wrong. */
public final class DatasetException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of the whole file. */
  public DatasetException(Path file, String problem) {
    super(file + ": " + problem);
  }

  /**
   * An error in one line.
   *
   * @param lineNumber from 1, as editors count
   */
  public DatasetException(Path file, long lineNumber, String problem) {
    super(file + ", line " + lineNumber + ": " + problem);
  }
}
