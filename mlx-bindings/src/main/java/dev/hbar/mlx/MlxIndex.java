package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.Scatter;
import dev.hbar.mlx.internal.ScatterCalls;
import dev.hbar.mlx.internal.SliceUpdate;
import java.util.Arrays;

/**
 * Reading and writing by index arrays. MLX checks no index; here each is checked, as {@link
 * MlxOps#take} says, and one outside is an {@link IllegalArgumentException}. Results belong to the
 * scope this was taken from. Owner thread only.
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
        ScatterCalls.gather(a.handle(), axes, sliceSizes, indices(a, axes, sliceSizes, indices)));
  }

  /** The same with one index array. */
  public MlxArray gather(MlxArray a, MlxArray indices, int axis, int... sliceSizes) {
    return scope.adopt(
        ScatterCalls.gather(
            a.handle(), indices(a, new int[] {axis}, sliceSizes, indices)[0], axis, sliceSizes));
  }

  /**
   * Copy of a with updates written at the places that the indices give; of equal indices one wins.
   */
  public MlxArray scatter(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        Scatter.SET.of(a.handle(), updates.handle(), axes, written(a, updates, axes, indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatter(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        Scatter.SET.of(
            a.handle(), written(a, updates, new int[] {axis}, indices)[0], updates.handle(), axis));
  }

  /** The same, added. */
  public MlxArray scatterAdd(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        Scatter.ADD.of(a.handle(), updates.handle(), axes, written(a, updates, axes, indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterAdd(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        Scatter.ADD.of(
            a.handle(), written(a, updates, new int[] {axis}, indices)[0], updates.handle(), axis));
  }

  /** The same, where larger. */
  public MlxArray scatterMax(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        Scatter.MAX.of(a.handle(), updates.handle(), axes, written(a, updates, axes, indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterMax(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        Scatter.MAX.of(
            a.handle(), written(a, updates, new int[] {axis}, indices)[0], updates.handle(), axis));
  }

  /** The same, where smaller. */
  public MlxArray scatterMin(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        Scatter.MIN.of(a.handle(), updates.handle(), axes, written(a, updates, axes, indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterMin(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        Scatter.MIN.of(
            a.handle(), written(a, updates, new int[] {axis}, indices)[0], updates.handle(), axis));
  }

  /** The same, multiplied. */
  public MlxArray scatterProd(MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    return scope.adopt(
        Scatter.PROD.of(a.handle(), updates.handle(), axes, written(a, updates, axes, indices)));
  }

  /** The same with one index array and one axis. */
  public MlxArray scatterProd(MlxArray a, MlxArray indices, MlxArray updates, int axis) {
    return scope.adopt(
        Scatter.PROD.of(
            a.handle(), written(a, updates, new int[] {axis}, indices)[0], updates.handle(), axis));
  }

  /** Copy of a with values added at indices along an axis. */
  public MlxArray scatterAddAxis(MlxArray a, MlxArray indices, MlxArray values, int axis) {
    return scope.adopt(
        ScatterCalls.scatterAddAxis(
            a.handle(), Indices.along(indices, a, axis), values.handle(), axis));
  }

  /**
   * Copy of a in which the places of the mask take the elements of src in order; src must have
   * enough.
   */
  public MlxArray maskedScatter(MlxArray a, MlxArray mask, MlxArray src) {
    return scope.adopt(ScatterCalls.maskedScatter(a.handle(), mask.handle(), src.handle()));
  }

  /** A slice of sliceSize, a length for each axis; its start, int32, is read to be checked. */
  public MlxArray sliceDynamic(MlxArray a, MlxArray start, int[] axes, int... sliceSize) {
    return scope.adopt(
        ScatterCalls.sliceDynamic(
            a.handle(), Indices.starting(start, a, axes, sliceSize), axes, sliceSize));
  }

  /** Copy of src with update written from a start, int32, which is read to be checked. */
  public MlxArray sliceUpdateDynamic(MlxArray src, MlxArray update, MlxArray start, int... axes) {
    return scope.adopt(
        ScatterCalls.sliceUpdateDynamic(
            src.handle(),
            update.handle(),
            Indices.starting(start, src, axes, update.dims()),
            axes));
  }

  /** Copy of src with update added to [start:stop:strides]. */
  public MlxArray sliceUpdateAdd(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    return updated(SliceUpdate.ADD, src, update, start, stop, strides);
  }

  /** The same, where larger. */
  public MlxArray sliceUpdateMax(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    return updated(SliceUpdate.MAX, src, update, start, stop, strides);
  }

  /** The same, where smaller. */
  public MlxArray sliceUpdateMin(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    return updated(SliceUpdate.MIN, src, update, start, stop, strides);
  }

  /** The same, multiplied. */
  public MlxArray sliceUpdateProd(
      MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    return updated(SliceUpdate.PROD, src, update, start, stop, strides);
  }

  private MlxArray updated(
      SliceUpdate kind, MlxArray src, MlxArray update, int[] start, int[] stop, int... strides) {
    Indices.requireWithin(src, start, stop);
    Positive.require("a stride", strides);
    require(strides.length == start.length, "one stride is wanted for each axis");
    return scope.adopt(kind.of(src.handle(), update.handle(), start, stop, strides));
  }

  /** Elements of the flattened array by index. */
  public MlxArray take(MlxArray a, MlxArray indices) {
    return scope.ops().take(scope.ops().reshape(a, -1), indices, 0);
  }

  private static ArrayHandle[] indices(
      MlxArray a, int[] axes, int[] sliceSizes, MlxArray... indices) {
    require(axes.length == indices.length, "one index array is wanted for each axis");
    require(
        sliceSizes.length == a.shape().length, "one slice size is wanted for each axis of " + a);
    ArrayHandle[] checked = new ArrayHandle[indices.length];
    for (int i = 0; i < indices.length; i++) {
      require(axes[i] >= 0 && axes[i] < sliceSizes.length, "no axis " + axes[i] + " in " + a);
      checked[i] = Indices.along(indices[i], a, axes[i], sliceSizes[axes[i]]);
    }
    return checked;
  }

  /** Updates have the shape of the indices, then that of the slice. */
  private static ArrayHandle[] written(
      MlxArray a, MlxArray updates, int[] axes, MlxArray... indices) {
    int[] shape = updates.shape();
    int rank = a.shape().length;
    require(shape.length >= rank, updates + " has no slice of " + a);
    return indices(a, axes, Arrays.copyOfRange(shape, shape.length - rank, shape.length), indices);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
