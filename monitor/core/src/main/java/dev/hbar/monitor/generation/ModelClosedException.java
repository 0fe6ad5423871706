package dev.hbar.monitor.generation;

import dev.hbar.mlx.HbarException;

/** A model was used after it had been closed. */
public final class ModelClosedException extends HbarException {
  private static final long serialVersionUID = 1L;

  ModelClosedException(String message) {
    super(message);
  }
}
