package dev.hbar.mlx;

import dev.hbar.mlx.internal.ScanCalls;
import dev.hbar.mlx.internal.Unary;

/**
 * Running values along an axis, and order: sorting, partitions, places in a sorted sequence.
 * Results belong to the scope this was taken from. Owner thread only.
 */
public final class MlxScan {
  private final MlxScope scope;

  MlxScan(MlxScope scope) {
    this.scope = scope;
  }

  /**
   * Running sum along an axis, from its end where reverse; the own element counts where inclusive.
   */
  public MlxArray cumsum(MlxArray a, int axis, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cumsum(a.wide(), axis, reverse, inclusive));
  }

  /** Running sum of the flattened array. */
  public MlxArray cumsum(MlxArray a, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cumsum(a.wide(), reverse, inclusive));
  }

  /**
   * Running product along an axis, from its end where reverse; the own element counts where
   * inclusive.
   */
  public MlxArray cumprod(MlxArray a, int axis, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cumprod(a.wide(), axis, reverse, inclusive));
  }

  /** Running product of the flattened array. */
  public MlxArray cumprod(MlxArray a, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cumprod(a.wide(), reverse, inclusive));
  }

  /**
   * Running maximum along an axis, from its end where reverse; the own element counts where
   * inclusive.
   */
  public MlxArray cummax(MlxArray a, int axis, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cummax(a.handle(), axis, reverse, inclusive));
  }

  /** Running maximum of the flattened array. */
  public MlxArray cummax(MlxArray a, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cummax(a.handle(), reverse, inclusive));
  }

  /**
   * Running minimum along an axis, from its end where reverse; the own element counts where
   * inclusive.
   */
  public MlxArray cummin(MlxArray a, int axis, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cummin(a.handle(), axis, reverse, inclusive));
  }

  /** Running minimum of the flattened array. */
  public MlxArray cummin(MlxArray a, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.cummin(a.handle(), reverse, inclusive));
  }

  /**
   * Running ln of the sum of exp along an axis, from its end where reverse; the own element counts
   * where inclusive.
   */
  public MlxArray logcumsumexp(MlxArray a, int axis, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.logcumsumexp(a.wide(), axis, reverse, inclusive));
  }

  /** Running ln of the sum of exp of the flattened array. */
  public MlxArray logcumsumexp(MlxArray a, boolean reverse, boolean inclusive) {
    return scope.adopt(ScanCalls.logcumsumexp(a.wide(), reverse, inclusive));
  }

  /** The n-th difference of neighbours along an axis. */
  public MlxArray diff(MlxArray a, int n, int axis) {
    return scope.adopt(ScanCalls.diff(a.handle(), n, axis));
  }

  /** All elements in rising order, flat. */
  public MlxArray sort(MlxArray a) {
    return scope.adopt(Unary.SORT.of(a.handle()));
  }

  /** Indices that sort the flattened array, uint32. */
  public MlxArray argsort(MlxArray a) {
    return scope.adopt(Unary.ARGSORT.of(a.handle()));
  }

  /** The elements along an axis with element kth where sorting would put it. */
  public MlxArray partition(MlxArray a, int kth, int axis) {
    return scope.adopt(ScanCalls.partition(a.handle(), kth, axis));
  }

  /** The flattened elements with element kth where sorting would put it. */
  public MlxArray partition(MlxArray a, int kth) {
    return scope.adopt(ScanCalls.partition(a.handle(), kth));
  }

  /** Indices of such a partition of the flattened array, uint32. */
  public MlxArray argpartition(MlxArray a, int kth) {
    return scope.adopt(ScanCalls.argpartition(a.handle(), kth));
  }

  /** The k largest of all elements, in no particular order. */
  public MlxArray topk(MlxArray a, int k) {
    return scope.adopt(ScanCalls.topk(a.handle(), k));
  }

  /** Where values belong in a sorted sequence; behind equal ones where right. */
  public MlxArray searchsorted(MlxArray sortedSequence, MlxArray values, boolean right) {
    return scope.adopt(ScanCalls.searchsorted(sortedSequence.handle(), values.handle(), right));
  }
}
