package dev.hbar.family;

import dev.hbar.capture.Captured;
import dev.hbar.mlx.MlxArray;

/**
 * What one forward pass gives, all lazy and owned by its step.
 *
 * @param logits float32 [B, vocabulary] of the last position
 * @param captured the states that were asked for
 */
public record Forward(MlxArray logits, Captured captured) {}
