package dev.hbar.mlx;

import dev.hbar.mlx.internal.RandomCalls;
import java.util.List;

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
    return scope
        .adopt(RandomCalls.categorical(logits.handle(), axis, key.handle()))
        .knownAs(IndexRange.below(logits.dim(axis)));
  }

  /** Standard normal numbers. */
  public MlxArray normal(MlxArray key, DType dtype, int... shape) {
    return scope.adopt(RandomCalls.normal(key.handle(), dtype, shape));
  }

  /** Even draws from [low, high); the bounds broadcast to the shape. */
  public MlxArray uniform(MlxArray low, MlxArray high, int[] shape, DType dtype, MlxArray key) {
    return scope.adopt(
        RandomCalls.uniform(low.handle(), high.handle(), shape, dtype, key.handle()));
  }

  /** Whole numbers from [low, high). */
  public MlxArray randint(MlxArray low, MlxArray high, int[] shape, DType dtype, MlxArray key) {
    return scope.adopt(
        RandomCalls.randint(low.handle(), high.handle(), shape, dtype, key.handle()));
  }

  /** True with probability p, which broadcasts to the shape. */
  public MlxArray bernoulli(MlxArray p, int[] shape, MlxArray key) {
    return scope.adopt(RandomCalls.bernoulli(p.handle(), shape, key.handle()));
  }

  /** Random bits, width bytes each (1, 2 or 4), as unsigned numbers. */
  public MlxArray bits(int[] shape, int width, MlxArray key) {
    return scope.adopt(RandomCalls.bits(shape, width, key.handle()));
  }

  /** Standard Gumbel draws. */
  public MlxArray gumbel(int[] shape, DType dtype, MlxArray key) {
    return scope.adopt(RandomCalls.gumbel(shape, dtype, key.handle()));
  }

  /** Laplace draws around loc. */
  public MlxArray laplace(int[] shape, DType dtype, float loc, float scale, MlxArray key) {
    return scope.adopt(RandomCalls.laplace(shape, dtype, loc, scale, key.handle()));
  }

  /** Normal draws; mean loc and deviation scale broadcast to the shape. */
  public MlxArray normal(int[] shape, DType dtype, MlxArray loc, MlxArray scale, MlxArray key) {
    return scope.adopt(
        RandomCalls.normal(shape, dtype, loc.handle(), scale.handle(), key.handle()));
  }

  /** Standard normal draws between lower and upper. */
  public MlxArray truncatedNormal(
      MlxArray lower, MlxArray upper, int[] shape, DType dtype, MlxArray key) {
    return scope.adopt(
        RandomCalls.truncatedNormal(lower.handle(), upper.handle(), shape, dtype, key.handle()));
  }

  /** Normal vectors of the given mean [n] and covariance [n, n]: shape, then n. */
  public MlxArray multivariateNormal(
      MlxArray mean, MlxArray cov, int[] shape, DType dtype, MlxArray key) {
    return scope.adopt(
        RandomCalls.multivariateNormal(mean.handle(), cov.handle(), shape, dtype, key.handle()));
  }

  /** The slices along an axis in random order. */
  public MlxArray permutation(MlxArray x, int axis, MlxArray key) {
    return scope.adopt(RandomCalls.permutation(x.handle(), axis, key.handle()));
  }

  /** The numbers below x in random order. */
  public MlxArray permutation(int x, MlxArray key) {
    return scope.adopt(RandomCalls.permutation(x, key.handle()));
  }

  /** Indices drawn from logits along an axis, for a whole shape. */
  public MlxArray categorical(MlxArray logits, int axis, int[] shape, MlxArray key) {
    return scope.adopt(RandomCalls.categorical(logits.handle(), axis, shape, key.handle()));
  }

  /** So many indices drawn from logits along an axis. */
  public MlxArray categorical(MlxArray logits, int axis, int numSamples, MlxArray key) {
    return scope.adopt(RandomCalls.categorical(logits.handle(), axis, numSamples, key.handle()));
  }

  /** Two independent keys. */
  public List<MlxArray> split(MlxArray key) {
    return scope.adoptAll(RandomCalls.split(key.handle()));
  }
}
