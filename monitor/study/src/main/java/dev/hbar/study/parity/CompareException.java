package dev.hbar.study.parity;

import dev.hbar.mlx.HbarException;

/** A comparison that is not possible; the message is one complete line. */
public final class CompareException extends HbarException {
  private static final long serialVersionUID = 1L;

  CompareException(String message) {
    super(message);
  }
}
