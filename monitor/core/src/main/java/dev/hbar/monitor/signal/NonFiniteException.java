package dev.hbar.monitor.signal;

import dev.hbar.mlx.HbarException;
import java.util.Locale;

/** A NaN or an infinity where a signal needs a number; such a token is an error, never a score. */
public final class NonFiniteException extends HbarException {
  private static final long serialVersionUID = 1L;

  private NonFiniteException(String message) {
    super(message);
  }

  /**
   * The logits of a step hold a NaN or an infinity.
   *
   * @param step index of the generated token, from 0
   */
  public static NonFiniteException logits(int step) {
    return new NonFiniteException("non-finite logits at step " + step);
  }

  /**
   * A block's output holds a NaN or an infinity.
   *
   * @param blockIndex index of the decoder block, from 0
   * @param step index of the generated token, from 0
   */
  public static NonFiniteException hiddenState(int blockIndex, int step) {
    return new NonFiniteException(
        String.format(
            Locale.ROOT, "non-finite hidden state in block %s at step %s", blockIndex, step));
  }

  /** A signal read out of the graph is not a number although its inputs were not checked. */
  public static NonFiniteException signal(String name, int step) {
    return new NonFiniteException("non-finite " + name + " at step " + step);
  }

  /** Returns the logits unchanged, or throws {@link #logits(int)}. */
  static float[] requireFiniteLogits(float[] logits, int step) {
    for (float z : logits) {
      if (!Float.isFinite(z)) {
        throw logits(step);
      }
    }
    return logits;
  }

  /** Returns the state unchanged, or throws {@link #hiddenState(int, int)}. */
  static float[] requireFiniteState(float[] state, int blockIndex, int step) {
    for (float h : state) {
      if (!Float.isFinite(h)) {
        throw hiddenState(blockIndex, step);
      }
    }
    return state;
  }
}
