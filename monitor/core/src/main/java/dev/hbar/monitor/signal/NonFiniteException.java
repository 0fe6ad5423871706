package dev.hbar.monitor.signal;

import dev.hbar.mlx.HbarException;

/** A NaN or an infinity where a signal needs a number; such a token is an error, never a score. */
public final class NonFiniteException extends HbarException {
  private static final long serialVersionUID = 1L;

  /**
   * A signal that is not a number.
   *
   * @param signal its id
   * @param step index of the generated token, from 0
   */
  NonFiniteException(String signal, int step) {
    super("non-finite " + signal + " at step " + step);
  }
}
