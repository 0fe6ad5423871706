package dev.hbar.mlx;

/**
 * MLX cannot be used here. The message says what was found, what is wanted, where it was searched
 * and what to do.
 */
public final class MlxUnavailableException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** An error with a complete message. */
  public MlxUnavailableException(String message) {
    super(message);
  }
}
