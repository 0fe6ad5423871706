package dev.hbar.mlx;

import dev.hbar.mlx.internal.ScatterCalls;

/**
 * Reading and writing by index arrays. <b>MLX checks no index</b>: one that is computed on the
 * device must be in [-n, n) by construction, or foreign memory is read or written; indices that
 * Java made are checked. Results belong to the scope this was taken from. Owner thread only.
 */
public final class MlxIndex {
  private final MlxScope scope;

  MlxIndex(MlxScope scope) {
    this.scope = scope;
  }

  /**
   * Slices of sliceSizes at the places that the index arrays, one for each of the axes, give;
   * shape: that of the indices, then the slice.
   */
  public MlxArray gather(MlxArray a, int[] axes, int[] sliceSizes, MlxArray... indices) {
    return scope.adopt(
        ScatterCalls.gather(a.handle(), axes, sliceSizes, MlxArray.handles(indices)));
  }

  /** The same with one index array. */
  public MlxArray gather(MlxArray a, MlxArray indices, int axis, int... sliceSizes) {
    return scope.adopt(ScatterCalls.gather(a.handle(), indices.handle(), axis, sliceSizes));
  }

  /**
   * Copy of a with updates written at the places that the indices give; of equal indices one wins.
   */
  public MlxArray scatter(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        ScatterCalls.scatter(a.handle(), updates.handle(), axes, MlxArray.handles(indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatter(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(ScatterCalls.scatter(a.handle(), indices.handle(), updates.handle(), axis));
  }

  /** The same, added. */
  public MlxArray scatterAdd(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        ScatterCalls.scatterAdd(a.handle(), updates.handle(), axes, MlxArray.handles(indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterAdd(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        ScatterCalls.scatterAdd(a.handle(), indices.handle(), updates.handle(), axis));
  }

  /** The same, where larger. */
  public MlxArray scatterMax(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        ScatterCalls.scatterMax(a.handle(), updates.handle(), axes, MlxArray.handles(indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterMax(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        ScatterCalls.scatterMax(a.handle(), indices.handle(), updates.handle(), axis));
  }

  /** The same, where smaller. */
  public MlxArray scatterMin(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        ScatterCalls.scatterMin(a.handle(), updates.handle(), axes, MlxArray.handles(indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterMin(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        ScatterCalls.scatterMin(a.handle(), indices.handle(), updates.handle(), axis));
  }

  /** The same, multiplied. */
  public MlxArray scatterProd(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        ScatterCalls.scatterProd(a.handle(), updates.handle(), axes, MlxArray.handles(indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterProd(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        ScatterCalls.scatterProd(a.handle(), indices.handle(), updates.handle(), axis));
  }

  /** Copy of a with values added at indices along an axis. */
  public MlxArray scatterAddAxis(MlxArray a, MlxArray indices, MlxArray values, int axis) {
    return scope.adopt(
        ScatterCalls.scatterAddAxis(a.handle(), indices.handle(), values.handle(), axis));
  }

  /**
   * Copy of a in which the places of the mask take the elements of src in order; src must have
   * enough.
   */
  public MlxArray maskedScatter(MlxArray a, MlxArray mask, MlxArray src) {
    return scope.adopt(ScatterCalls.maskedScatter(a.handle(), mask.handle(), src.handle()));
  }

  /** A slice of sliceSize whose start, int32, lies on the device. */
  public MlxArray sliceDynamic(MlxArray a, MlxArray start, int[] axes, int... sliceSize) {
    return scope.adopt(ScatterCalls.sliceDynamic(a.handle(), start.handle(), axes, sliceSize));
  }

  /** Copy of src with update written from a start that lies on the device. */
  public MlxArray sliceUpdateDynamic(MlxArray src, MlxArray update, MlxArray start, int... axes) {
    return scope.adopt(
        ScatterCalls.sliceUpdateDynamic(src.handle(), update.handle(), start.handle(), axes));
  }

  /** Copy of src with update added to [start:stop:strides]. */
  public MlxArray sliceUpdateAdd(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    MlxOps.requireWithin(src, start, stop);
    return scope.adopt(
        ScatterCalls.sliceUpdateAdd(src.handle(), update.handle(), start, stop, strides));
  }

  /** The same, where larger. */
  public MlxArray sliceUpdateMax(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    MlxOps.requireWithin(src, start, stop);
    return scope.adopt(
        ScatterCalls.sliceUpdateMax(src.handle(), update.handle(), start, stop, strides));
  }

  /** The same, where smaller. */
  public MlxArray sliceUpdateMin(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    MlxOps.requireWithin(src, start, stop);
    return scope.adopt(
        ScatterCalls.sliceUpdateMin(src.handle(), update.handle(), start, stop, strides));
  }

  /** The same, multiplied. */
  public MlxArray sliceUpdateProd(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    MlxOps.requireWithin(src, start, stop);
    return scope.adopt(
        ScatterCalls.sliceUpdateProd(src.handle(), update.handle(), start, stop, strides));
  }
}
