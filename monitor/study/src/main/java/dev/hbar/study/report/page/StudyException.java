package dev.hbar.study.report.page;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** A study that cannot be reported; the message is one complete line. */
public final class StudyException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of a file or folder. */
  public StudyException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
