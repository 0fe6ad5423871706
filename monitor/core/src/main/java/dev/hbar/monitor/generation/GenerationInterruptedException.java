package dev.hbar.monitor.generation;

import dev.hbar.mlx.HbarException;

/** The thread that asked for text was interrupted; its interrupt flag is still set. */
public final class GenerationInterruptedException extends HbarException {
  private static final long serialVersionUID = 1L;

  GenerationInterruptedException(String message) {
    super(message);
  }
}
