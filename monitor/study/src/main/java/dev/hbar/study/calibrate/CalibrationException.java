package dev.hbar.study.calibrate;

import dev.hbar.mlx.HbarException;

/** Scores that must not be calibrated on or judged; the message is one complete line. */
public final class CalibrationException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error of a file. */
  public CalibrationException(String file, String problem) {
    super(file + ": " + problem);
  }
}
