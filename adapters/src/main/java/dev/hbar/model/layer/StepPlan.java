package dev.hbar.model.layer;

import dev.hbar.mlx.Mask;
import java.util.List;

/**
 * What the layers of one forward pass share.
 *
 * @param rows B, sequences in the batch
 * @param columns T, new columns in this pass, padding included
 * @param padding which of them hold no token, in every row
 * @param positions of the first new column
 * @param masks one per layer, over [B, heads, T, columns of its cache]; layers with the same window
 *     have the same one, layers without keys have none
 */
public record StepPlan(
    int rows, int columns, Padding padding, Positions positions, List<Mask> masks) {
  /** Copies the list. */
  public StepPlan {
    masks = List.copyOf(masks);
  }
}
