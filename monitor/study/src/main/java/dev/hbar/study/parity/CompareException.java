package dev.hbar.study.parity;

/** A comparison that cannot be made; the message is one complete line. */
public final class CompareException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CompareException(String message) {
    super(message);
  }
}
