package dev.hbar.monitor.generation;

import dev.hbar.mlx.HbarException;

/** A prompt cannot be used with this model. The message is one complete line for the user. */
public final class PromptException extends HbarException {
  private static final long serialVersionUID = 1L;

  PromptException(String message) {
    super(message);
  }
}
