package dev.hbar.model.family;

import dev.hbar.mlx.MlxArray;
import dev.hbar.model.capture.Captured;

/**
 * What one forward pass gives, all lazy and owned by its step.
 *
 * @param logits float32 [B, vocabulary] of the last position
 * @param captured the states that were asked for
 */
public record Forward(MlxArray logits, Captured captured) {}
