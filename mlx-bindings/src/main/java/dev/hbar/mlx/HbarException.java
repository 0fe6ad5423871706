package dev.hbar.mlx;

/**
 * The root of every exception of this project: one catch clause takes them all. Unchecked. The
 * message is complete: what was found, and where there is one, the way out.
 */
public abstract class HbarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with a complete message. */
  protected HbarException(String message) {
    super(message);
  }

  /** An error with a complete message and the exception that was met. */
  protected HbarException(String message, Throwable cause) {
    super(message, cause);
  }
}
