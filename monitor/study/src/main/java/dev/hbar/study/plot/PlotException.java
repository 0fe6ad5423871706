package dev.hbar.study.plot;

/** A picture that cannot be made; the message is one complete line. */
public final class PlotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlotException(String message) {
    super(message);
  }

  public PlotException(String message, Throwable cause) {
    super(message, cause);
  }
}
