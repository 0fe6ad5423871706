package dev.hbar.monitor.signal;

import dev.hbar.mlx.HbarException;

/** A NaN or an infinity where a signal needs a number; such a token is an error, never a score. */
public final class NonFiniteException extends HbarException {
  private static final long serialVersionUID = 1L;

  /**
   * A signal that is not a number.
   *
   * @param signal its id, or what else is no number
   * @param place step, and checkpoint if it is known
   */
  public NonFiniteException(String signal, String place) {
    super(
        "non-finite %s at %s: the weights hold or lead to numbers beyond float32; check them with hbar inspect --weights, or fetch the checkpoint again"
            .formatted(signal, place));
  }
}
