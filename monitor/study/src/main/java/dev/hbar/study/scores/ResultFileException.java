package dev.hbar.study.scores;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** A parameter or result file that cannot be read or written; one line: file, what is wrong. */
public final class ResultFileException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of the file. */
  public ResultFileException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
