package dev.hbar.monitor.generation;

/** A model was used after it had been closed. */
public final class ModelClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelClosedException(String message) {
    super(message);
  }
}
