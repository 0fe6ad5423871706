package dev.hbar.layer;

import dev.hbar.mlx.MlxArray;

/**
 * The position of a step's first column: one number when all rows agree, an int32 [B] when they do
 * not.
 */
public sealed interface Positions {
  record Shared(int first) implements Positions {}

  record PerRow(MlxArray first) implements Positions {}
}
