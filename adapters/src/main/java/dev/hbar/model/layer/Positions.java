package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import java.util.List;

/**
 * The position of a step's first column, and how long the sequences are: one number when all rows
 * agree, an int32 [B] when they do not.
 */
public sealed interface Positions {
  /** All rows alike. */
  record Shared(int first, SequenceLength length) implements Positions {}

  /** One of each per row. */
  record PerRow(MlxArray first, List<SequenceLength> lengths) implements Positions {
    /** Copies the list. */
    public PerRow {
      lengths = List.copyOf(lengths);
    }
  }
}
