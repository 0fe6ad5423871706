package dev.hbar.study.sweep;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** A sweep that cannot start or go on; the message is one complete line. */
public final class SweepException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of a file or folder. */
  public SweepException(Path file, String problem) {
    super(file + ": " + problem);
  }
}
