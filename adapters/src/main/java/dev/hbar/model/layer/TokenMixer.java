package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;

/**
 * The half of a block that looks at other tokens: attention, or something that carries a state.
 * What it keeps of a layer's past is in the cache at {@code layerIndex}, of the {@link StateKind}
 * that the recipe named: keys and values by {@link KvCache#append}, other states by {@link
 * KvCache#recurrent}.
 *
 * <p>To add one: a record here, and a recipe in the family package that names its state and
 * weights.
 */
public sealed interface TokenMixer
    permits Attention,
        GatedDelta,
        LatentAttention,
        Mamba2,
        SharedAttention,
        ShortConv,
        SummedTokens {
  /**
   * x [B, T, hidden] to [B, T, hidden], owned by {@code scope}; the layer's state moves T columns
   * on. Rows are right-aligned: {@link StepPlan#padding} says which columns hold no token, and a
   * state passes over them.
   */
  MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap);

  /**
   * Whether a pass writes out a score for each query, head and key, so that what it allocates grows
   * with the length of the context.
   */
  default boolean writesScores() {
    return false;
  }

  /** Whether a beginning computes alike in sequences of these two lengths. */
  default boolean isAlike(SequenceLength one, SequenceLength other) {
    return true;
  }
}
