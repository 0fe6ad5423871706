package dev.hbar.model.hub;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;

/**
 * A model cannot be fetched. The message is one complete line: what is wrong, where, and what to
 * do. It never holds a token, nor the signed address of a storage host.
 */
public final class HubException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error with a complete message; control characters in it are escaped. */
  public HubException(String message) {
    super(ErrorText.oneLine(message));
  }

  /** An error with a complete message and the exception that was met. */
  public HubException(String message, Throwable cause) {
    super(ErrorText.oneLine(message), cause);
  }
}
