package dev.hbar.mlx;

/**
 * A failed MLX call. The message names the C function, the shapes of its arguments and MLX's own
 * text.
 */
public final class MlxException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** The mlx-c function that failed. */
  private final String function;

  /** A failure of {@code function} with a complete message. */
  public MlxException(String function, String message) {
    super(message);
    this.function = function;
  }

  /** The mlx-c function that failed, such as {@code mlx_matmul}. */
  public String function() {
    return function;
  }
}
