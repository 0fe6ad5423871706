package dev.hbar.study.plot;

import dev.hbar.mlx.HbarException;

/** A picture that cannot be drawn or written; the message is one complete line. */
public final class PlotException extends HbarException {
  private static final long serialVersionUID = 1L;

  public PlotException(String message) {
    super(message);
  }

  public PlotException(String message, Throwable cause) {
    super(message, cause);
  }
}
