package dev.hbar.mlx;

import dev.hbar.mlx.internal.AxesReduction;
import dev.hbar.mlx.internal.ReduceCalls;
import dev.hbar.mlx.internal.Reduction;
import dev.hbar.mlx.internal.WholeReduction;

/**
 * Reductions over all elements, one axis or several. float16 and bfloat16 sums are refused: convert
 * to float32 first. Results belong to the scope this was taken from. Owner thread only.
 */
public final class MlxReduce {
  private final MlxScope scope;

  MlxReduce(MlxScope scope) {
    this.scope = scope;
  }

  /** Sum of all elements. */
  public MlxArray sum(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.SUM.of(a.wide(), keepDims));
  }

  /** Sum over the given axes. */
  public MlxArray sum(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.SUM.of(a.wide(), keepDims, axes));
  }

  /** Mean of all elements. */
  public MlxArray mean(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.MEAN.of(a.wide(), keepDims));
  }

  /** Mean over the given axes. */
  public MlxArray mean(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.MEAN.of(a.wide(), keepDims, axes));
  }

  /** ln of the sum of exp of all elements. */
  public MlxArray logsumexp(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.LOGSUMEXP.of(a.wide(), keepDims));
  }

  /** ln of the sum of exp over the given axes. */
  public MlxArray logsumexp(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.LOGSUMEXP.of(a.wide(), keepDims, axes));
  }

  /** Product of all elements. */
  public MlxArray prod(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.PROD.of(a.wide(), keepDims));
  }

  /** Product along one axis. */
  public MlxArray prod(MlxArray a, int axis, boolean keepDims) {
    return scope.adopt(Reduction.PROD.of(a.wide(), axis, keepDims));
  }

  /** Product over the given axes. */
  public MlxArray prod(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.PROD.of(a.wide(), keepDims, axes));
  }

  /** Largest of all elements. */
  public MlxArray max(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.MAX.of(a.handle(), keepDims));
  }

  /** Largest over the given axes. */
  public MlxArray max(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.MAX.of(a.handle(), keepDims, axes));
  }

  /** Smallest of all elements. */
  public MlxArray min(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.MIN.of(a.handle(), keepDims));
  }

  /** Smallest over the given axes. */
  public MlxArray min(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.MIN.of(a.handle(), keepDims, axes));
  }

  /** True where all are true, of all elements. */
  public MlxArray all(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.ALL.of(a.handle(), keepDims));
  }

  /** True where all are true, over the given axes. */
  public MlxArray all(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.ALL.of(a.handle(), keepDims, axes));
  }

  /** True where any is true, of all elements. */
  public MlxArray any(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.ANY.of(a.handle(), keepDims));
  }

  /** True where any is true, along one axis. */
  public MlxArray any(MlxArray a, int axis, boolean keepDims) {
    return scope.adopt(Reduction.ANY.of(a.handle(), axis, keepDims));
  }

  /** True where any is true, over the given axes. */
  public MlxArray any(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.ANY.of(a.handle(), keepDims, axes));
  }

  /** Index of the largest element of the flattened array, uint32. */
  public MlxArray argmax(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.ARGMAX.of(a.handle(), keepDims));
  }

  /** Index of the smallest element of the flattened array, uint32. */
  public MlxArray argmin(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.ARGMIN.of(a.handle(), keepDims));
  }

  /** Index of the smallest element along one axis, uint32. */
  public MlxArray argmin(MlxArray a, int axis, boolean keepDims) {
    return scope.adopt(Reduction.ARGMIN.of(a.handle(), axis, keepDims));
  }

  /** Number of elements that are not 0, of all elements. */
  public MlxArray countNonzero(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.COUNT_NONZERO.of(a.handle(), keepDims));
  }

  /** Number of elements that are not 0, along one axis. */
  public MlxArray countNonzero(MlxArray a, int axis, boolean keepDims) {
    return scope.adopt(Reduction.COUNT_NONZERO.of(a.handle(), axis, keepDims));
  }

  /** Number of elements that are not 0, over the given axes. */
  public MlxArray countNonzero(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.COUNT_NONZERO.of(a.handle(), keepDims, axes));
  }

  /** Median of all elements. */
  public MlxArray median(MlxArray a, boolean keepDims) {
    return scope.adopt(WholeReduction.MEDIAN.of(a.handle(), keepDims));
  }

  /** Median along one axis. */
  public MlxArray median(MlxArray a, int axis, boolean keepDims) {
    return scope.adopt(Reduction.MEDIAN.of(a.handle(), axis, keepDims));
  }

  /** Median over the given axes. */
  public MlxArray median(MlxArray a, boolean keepDims, int... axes) {
    return scope.adopt(AxesReduction.MEDIAN.of(a.handle(), keepDims, axes));
  }

  /** Variance with ddof taken from the count, of all elements. */
  public MlxArray var(MlxArray a, boolean keepDims, int ddof) {
    return scope.adopt(ReduceCalls.var(a.wide(), keepDims, ddof));
  }

  /** Variance with ddof taken from the count, along one axis. */
  public MlxArray var(MlxArray a, int axis, boolean keepDims, int ddof) {
    return scope.adopt(ReduceCalls.var(a.wide(), axis, keepDims, ddof));
  }

  /** Variance with ddof taken from the count, over the given axes. */
  public MlxArray var(MlxArray a, int[] axes, boolean keepDims, int ddof) {
    return scope.adopt(ReduceCalls.var(a.wide(), axes, keepDims, ddof));
  }

  /** Standard deviation with ddof taken from the count, of all elements. */
  public MlxArray std(MlxArray a, boolean keepDims, int ddof) {
    return scope.adopt(ReduceCalls.std(a.wide(), keepDims, ddof));
  }

  /** Standard deviation with ddof taken from the count, along one axis. */
  public MlxArray std(MlxArray a, int axis, boolean keepDims, int ddof) {
    return scope.adopt(ReduceCalls.std(a.wide(), axis, keepDims, ddof));
  }

  /** Standard deviation with ddof taken from the count, over the given axes. */
  public MlxArray std(MlxArray a, int[] axes, boolean keepDims, int ddof) {
    return scope.adopt(ReduceCalls.std(a.wide(), axes, keepDims, ddof));
  }

  /** Softmax over all elements; precise accumulates in float32. */
  public MlxArray softmax(MlxArray a, boolean precise) {
    return scope.adopt(ReduceCalls.softmax(a.handle(), precise));
  }

  /** Softmax over several axes; precise accumulates in float32. */
  public MlxArray softmax(MlxArray a, int[] axes, boolean precise) {
    return scope.adopt(ReduceCalls.softmax(a.handle(), axes, precise));
  }
}
