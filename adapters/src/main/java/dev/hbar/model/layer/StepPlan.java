package dev.hbar.model.layer;

import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import java.util.List;
import java.util.Optional;

/**
 * What the layers of one forward pass share.
 *
 * @param rows B, sequences in the batch
 * @param columns T, new columns in this pass, padding included
 * @param padding which of them hold no token, in every row
 * @param positions of the first new column
 * @param masks one per layer, over [B, heads, T, columns of its cache]; layers with the same window
 *     have the same one, layers without keys have none
 * @param layerInputs [layers, B, T, size], what layers are told of each token, in models that tell
 */
public record StepPlan(
    int rows,
    int columns,
    Padding padding,
    Positions positions,
    List<Mask> masks,
    Optional<MlxArray> layerInputs) {
  /** Copies the list. */
  public StepPlan {
    masks = List.copyOf(masks);
  }

  /** The same, with what layers are told. */
  public StepPlan with(MlxArray told) {
    return new StepPlan(rows, columns, padding, positions, masks, Optional.of(told));
  }
}
