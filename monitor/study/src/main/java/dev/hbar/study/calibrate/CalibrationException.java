package dev.hbar.study.calibrate;

/** Scores that must not be calibrated on or judged; the message is one complete line. */
public final class CalibrationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error of a file. */
  public CalibrationException(String file, String problem) {
    super(file + ": " + problem);
  }
}
