package dev.hbar.monitor.generation;

/** A prompt cannot be used with this model. The message is one complete line for the user. */
public final class PromptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PromptException(String message) {
    super(message);
  }
}
