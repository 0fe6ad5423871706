package dev.hbar.monitor.generation;

/** The thread that asked for text was interrupted; its interrupt flag is still set. */
public final class GenerationInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GenerationInterruptedException(String message) {
    super(message);
  }
}
