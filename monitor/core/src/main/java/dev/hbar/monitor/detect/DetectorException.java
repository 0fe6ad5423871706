package dev.hbar.monitor.detect;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** A detector that cannot be read or used here; one line: folder, what is wrong, way out. */
public final class DetectorException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of a detector's folder. */
  public DetectorException(Path folder, String problem) {
    super(folder + ": " + problem);
  }
}
