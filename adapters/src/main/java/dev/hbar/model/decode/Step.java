package dev.hbar.model.decode;

import java.nio.file.Path;

/**
 * What one step gave, in plain Java.
 *
 * @param tokens for each row
 * @param measured for each row, what the probe measured
 * @param finite for each row, whether all its logits were numbers
 * @param checkpoint its folder, for the error text
 */
public record Step(int[] tokens, float[][] measured, boolean[] finite, Path checkpoint) {
  /** Refuses logits that are no numbers, naming the first such row. */
  void requireFinite(int index) {
    for (int row = 0; row < finite.length; row++) {
      requireFinite(row, index);
    }
  }

  /**
   * Refuses the logits of one row if they are no numbers.
   *
   * @param index of the row's token, for the error text
   * @throws NonFiniteLogitsException naming both
   */
  public void requireFinite(int row, int index) {
    if (!finite[row]) {
      throw new NonFiniteLogitsException(checkpoint, index, row);
    }
  }
}
