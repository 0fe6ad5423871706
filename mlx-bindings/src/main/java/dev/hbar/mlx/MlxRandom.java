package dev.hbar.mlx;

import dev.hbar.mlx.internal.RandomCalls;

/** Draws from explicit keys, so that a draw depends on nothing else. Owner thread only. */
public final class MlxRandom {
  private final MlxScope scope;

  MlxRandom(MlxScope scope) {
    this.scope = scope;
  }

  /** A key, uint32 [2]. */
  public MlxArray key(long seed) {
    return scope.adopt(RandomCalls.key(seed));
  }

  /** Independent keys, uint32 [parts, 2]. */
  public MlxArray split(MlxArray key, int parts) {
    return scope.adopt(RandomCalls.split(key.handle(), parts));
  }

  /**
   * Indices drawn from unnormalized log-probabilities (logits, not probabilities) along {@code
   * axis}.
   */
  public MlxArray categorical(MlxArray logits, int axis, MlxArray key) {
    return scope.adopt(RandomCalls.categorical(logits.handle(), axis, key.handle()));
  }

  /** Standard normal numbers. */
  public MlxArray normal(MlxArray key, DType dtype, int... shape) {
    return scope.adopt(RandomCalls.normal(key.handle(), dtype, shape));
  }
}
