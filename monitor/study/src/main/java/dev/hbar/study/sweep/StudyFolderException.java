package dev.hbar.study.sweep;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/**
 * A folder of study results that cannot be created, resumed or reported on; the message is one
 * complete line.
 */
public final class StudyFolderException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error in {@code file}, which may be a folder. */
  public StudyFolderException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
