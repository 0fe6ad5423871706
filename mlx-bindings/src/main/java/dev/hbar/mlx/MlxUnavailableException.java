package dev.hbar.mlx;

/**
 * MLX cannot be used here. The message says what was found, what is wanted, where it was searched
 * and what to do.
 */
public final class MlxUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MlxUnavailableException(String message) {
    super(message);
  }
}
