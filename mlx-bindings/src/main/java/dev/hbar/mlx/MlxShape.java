package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrangeCalls;
import dev.hbar.mlx.internal.Unary;
import java.util.List;

/**
 * Shapes: what reorders, cuts, joins and pads. Results belong to the scope this was taken from.
 * Owner thread only.
 */
public final class MlxShape {
  private final MlxScope scope;

  MlxShape(MlxScope scope) {
    this.scope = scope;
  }

  /** The axes from startAxis to endAxis made one. */
  public MlxArray flatten(MlxArray a, int startAxis, int endAxis) {
    return scope.adopt(ArrangeCalls.flatten(a.handle(), startAxis, endAxis));
  }

  /** One axis made several; their product is its length. */
  public MlxArray unflatten(MlxArray a, int axis, int... shape) {
    return scope.adopt(ArrangeCalls.unflatten(a.handle(), axis, shape));
  }

  /** Reversed along every axis. */
  public MlxArray flip(MlxArray a) {
    return scope.adopt(Unary.FLIP.of(a.handle()));
  }

  /** Reversed along one axis. */
  public MlxArray flip(MlxArray a, int axis) {
    return scope.adopt(ArrangeCalls.flip(a.handle(), axis));
  }

  /** Reversed along the given axes. */
  public MlxArray flipAxes(MlxArray a, int... axes) {
    return scope.adopt(ArrangeCalls.flipAxes(a.handle(), axes));
  }

  /** The flattened elements moved on by a shift, round the end. */
  public MlxArray roll(MlxArray a, int... shift) {
    return scope.adopt(ArrangeCalls.roll(a.handle(), shift));
  }

  /** Elements moved on along one axis, round the end. */
  public MlxArray rollAxis(MlxArray a, int[] shift, int axis) {
    return scope.adopt(ArrangeCalls.rollAxis(a.handle(), shift, axis));
  }

  /** Elements moved on along several axes, a shift for each. */
  public MlxArray rollAxes(MlxArray a, int[] shift, int... axes) {
    return scope.adopt(ArrangeCalls.rollAxes(a.handle(), shift, axes));
  }

  /** One axis put in another place. */
  public MlxArray moveaxis(MlxArray a, int source, int destination) {
    return scope.adopt(ArrangeCalls.moveaxis(a.handle(), source, destination));
  }

  /** All axes in reverse order. */
  public MlxArray transpose(MlxArray a) {
    return scope.adopt(Unary.TRANSPOSE.of(a.handle()));
  }

  /** Without the axes of length 1. */
  public MlxArray squeeze(MlxArray a) {
    return scope.adopt(Unary.SQUEEZE.of(a.handle()));
  }

  /** Without the given axes, each of length 1. */
  public MlxArray squeezeAxes(MlxArray a, int... axes) {
    return scope.adopt(ArrangeCalls.squeezeAxes(a.handle(), axes));
  }

  /** New axes of length 1 at the given places of the result. */
  public MlxArray expandDims(MlxArray a, int... axes) {
    return scope.adopt(ArrangeCalls.expandDims(a.handle(), axes));
  }

  /** A scalar becomes [1]. */
  public MlxArray atleast1d(MlxArray a) {
    return scope.adopt(Unary.ATLEAST_1D.of(a.handle()));
  }

  /** At least two axes. */
  public MlxArray atleast2d(MlxArray a) {
    return scope.adopt(Unary.ATLEAST_2D.of(a.handle()));
  }

  /** At least three axes. */
  public MlxArray atleast3d(MlxArray a) {
    return scope.adopt(Unary.ATLEAST_3D.of(a.handle()));
  }

  /**
   * low and high elements added on each of the axes: padValue or the edge, which wants every axis
   * named.
   */
  public MlxArray pad(
      MlxArray a, int[] axes, int[] low, int[] high, MlxArray padValue, PadMode mode) {
    return scope.adopt(
        ArrangeCalls.pad(a.handle(), axes, low, high, padValue.handle(), mode.mlxName()));
  }

  /** The same width added on both sides of every axis. */
  public MlxArray pad(MlxArray a, int padWidth, MlxArray padValue, PadMode mode) {
    return scope.adopt(ArrangeCalls.pad(a.handle(), padWidth, padValue.handle(), mode.mlxName()));
  }

  /** The whole array repeated along each axis. */
  public MlxArray tile(MlxArray a, int... reps) {
    return scope.adopt(ArrangeCalls.tile(a.handle(), reps));
  }

  /** Each element of the flattened array repeated. */
  public MlxArray repeat(MlxArray a, int repeats) {
    return scope.adopt(ArrangeCalls.repeat(a.handle(), repeats));
  }

  /** The elements of all arrays, flat, one after the other. */
  public MlxArray concatenate(MlxArray... arrays) {
    return scope.adopt(ArrangeCalls.concatenate(MlxArray.handles(arrays)));
  }

  /** Joined along a new first axis. */
  public MlxArray stack(MlxArray... arrays) {
    return scope.adopt(ArrangeCalls.stack(MlxArray.handles(arrays)));
  }

  /** Cut along an axis into equal parts. */
  public List<MlxArray> split(MlxArray a, int numSplits, int axis) {
    Positive.require("the number of parts", numSplits);
    return scope.adoptAll(ArrangeCalls.split(a.handle(), numSplits, axis));
  }

  /** Cut along an axis before the given indices. */
  public List<MlxArray> splitAt(MlxArray a, int[] indices, int axis) {
    return scope.adoptAll(ArrangeCalls.splitAt(a.handle(), indices, axis));
  }

  /** Cut along an axis into its slices, without the axis. */
  public List<MlxArray> unstack(MlxArray a, int axis) {
    return scope.adoptAll(ArrangeCalls.unstack(a.handle(), axis));
  }

  /** Cut along the first axis into its slices. */
  public List<MlxArray> unstack(MlxArray a) {
    return scope.adoptAll(ArrangeCalls.unstack(a.handle()));
  }

  /** All arrays in their common shape. */
  public List<MlxArray> broadcastArrays(MlxArray... inputs) {
    return scope.adoptAll(ArrangeCalls.broadcastArrays(MlxArray.handles(inputs)));
  }

  /** Coordinate arrays of the grid over 1-d arrays; rows first where matrix. */
  public List<MlxArray> meshgrid(boolean sparse, boolean matrix, MlxArray... arrays) {
    return scope.adoptAll(ArrangeCalls.meshgrid(sparse, matrix, MlxArray.handles(arrays)));
  }

  /** A vector as a matrix with it on diagonal k, or diagonal k of a matrix. */
  public MlxArray diag(MlxArray a, int k) {
    return scope.adopt(ArrangeCalls.diag(a.handle(), k));
  }

  /** The diagonals over two axes, as a last axis. */
  public MlxArray diagonal(MlxArray a, int offset, int axis1, int axis2) {
    return scope.adopt(ArrangeCalls.diagonal(a.handle(), offset, axis1, axis2));
  }

  /** The matrix with zeros above diagonal k. */
  public MlxArray tril(MlxArray x, int k) {
    return scope.adopt(ArrangeCalls.tril(x.handle(), k));
  }

  /** The matrix with zeros below diagonal k. */
  public MlxArray triu(MlxArray x, int k) {
    return scope.adopt(ArrangeCalls.triu(x.handle(), k));
  }

  /** Sum of the diagonal of a matrix. */
  public MlxArray trace(MlxArray a) {
    return scope.adopt(Unary.TRACE.of(a.handle()));
  }

  /** Sum of a diagonal over two axes, in the given type. */
  public MlxArray trace(MlxArray a, int offset, int axis1, int axis2, DType dtype) {
    return scope.adopt(ArrangeCalls.trace(a.handle(), offset, axis1, axis2, dtype));
  }

  /** Product of the lengths of the axes, or one over it where inverted. */
  public MlxArray numberOfElements(MlxArray a, int[] axes, boolean inverted, DType dtype) {
    return scope.adopt(ArrangeCalls.numberOfElements(a.handle(), axes, inverted, dtype));
  }
}
