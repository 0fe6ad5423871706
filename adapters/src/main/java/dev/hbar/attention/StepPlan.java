package dev.hbar.attention;

import dev.hbar.layer.Positions;
import dev.hbar.mlx.Mask;

/**
 * What all layers of one forward pass share.
 *
 * @param rows B, sequences in the batch
 * @param columns T, new columns in this pass, padding included
 * @param positions of the first new column
 * @param mask over [B, heads, T, cached + T]
 */
public record StepPlan(int rows, int columns, Positions positions, Mask mask) {}
