package dev.hbar.study.scores;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/**
 * A file of scores, parameters or results that cannot be read, resumed or written; the message is
 * one complete line.
 */
public final class ScoreFileException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of the whole file. */
  public ScoreFileException(Path file, String problem) {
    super(ErrorText.oneLine(file + ": " + problem));
  }

  /**
   * An error in one line.
   *
   * @param lineNumber from 1; the header is line 1
   */
  public ScoreFileException(Path file, long lineNumber, String problem) {
    super(ErrorText.oneLine(file + ", line " + lineNumber + ": " + problem));
  }
}
