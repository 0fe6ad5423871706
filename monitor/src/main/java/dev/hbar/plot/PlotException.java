package dev.hbar.plot;

/** A picture that cannot be made; the message is one complete line. */
public final class PlotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PlotException(String message) {
    super(message);
  }

  PlotException(String message, Throwable cause) {
    super(message, cause);
  }
}
