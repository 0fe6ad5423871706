package dev.hbar.mlx;

import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.ProductCalls;
import java.util.Optional;

/**
 * Products of matrices and tensors beyond {@link MlxOps#matmul}. Results belong to the scope this
 * was taken from. Owner thread only.
 */
public final class MlxProducts {
  private final MlxScope scope;

  MlxProducts(MlxScope scope) {
    this.scope = scope;
  }

  /** beta * c + alpha * (a @ b). */
  public MlxArray addmm(MlxArray c, MlxArray a, MlxArray b, float alpha, float beta) {
    return scope.adopt(ProductCalls.addmm(c.handle(), a.handle(), b.handle(), alpha, beta));
  }

  /** Products over the last axes, summed. */
  public MlxArray inner(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.INNER.of(a.handle(), b.handle()));
  }

  /** Every element of a times every element of b. */
  public MlxArray outer(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.OUTER.of(a.handle(), b.handle()));
  }

  /** Kronecker product. */
  public MlxArray kron(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.KRON.of(a.handle(), b.handle()));
  }

  /** Dot products along an axis. */
  public MlxArray vecdot(MlxArray a, MlxArray b, int axis) {
    return scope.adopt(ProductCalls.vecdot(a.handle(), b.handle(), axis));
  }

  /** Sum of products over the paired axes. */
  public MlxArray tensordot(MlxArray a, MlxArray b, int[] axesA, int... axesB) {
    return scope.adopt(ProductCalls.tensordot(a.handle(), b.handle(), axesA, axesB));
  }

  /** Sum of products over the last axes of a and the first of b, so many. */
  public MlxArray tensordot(MlxArray a, MlxArray b, int axis) {
    return scope.adopt(ProductCalls.tensordot(a.handle(), b.handle(), axis));
  }

  /**
   * Einstein summation, such as {@code "ij,jk->ik"}; a fixed text of the program, as it is kept.
   */
  public MlxArray einsum(String subscripts, MlxArray... operands) {
    return scope.adopt(ProductCalls.einsum(subscripts, MlxArray.handles(operands)));
  }

  /**
   * Products of the matrices that the indices choose: a [..., M, K] by lhsIndices, b [..., K, N] by
   * rhsIndices, which count all matrices of a or b from 0 and are checked as in {@link
   * MlxOps#take}; sortedIndices when rhsIndices rise.
   */
  public MlxArray gatherMm(
      MlxArray a,
      MlxArray b,
      Optional<MlxArray> lhsIndices,
      Optional<MlxArray> rhsIndices,
      boolean sortedIndices) {
    return scope.adopt(
        ProductCalls.gatherMm(
            a.handle(),
            b.handle(),
            lhsIndices.map(indices -> Indices.stacked(indices, a)),
            rhsIndices.map(indices -> Indices.stacked(indices, b)),
            sortedIndices));
  }

  /**
   * Products of column ranges: a [M, K], b [K, N], segments uint32 [S, 2] within K, which are read
   * to be checked; result [S, M, N].
   */
  public MlxArray segmentedMm(MlxArray a, MlxArray b, MlxArray segments) {
    return scope.adopt(
        ProductCalls.segmentedMm(a.handle(), b.handle(), Indices.segments(segments, a.dim(-1))));
  }

  /** a @ b with blocks of blockSize (32 or 64) masked out. */
  public MlxArray blockMaskedMm(
      MlxArray a,
      MlxArray b,
      int blockSize,
      Optional<MlxArray> maskOut,
      Optional<MlxArray> maskLhs,
      Optional<MlxArray> maskRhs) {
    Positive.require("the block size", blockSize);
    return scope.adopt(
        ProductCalls.blockMaskedMm(
            a.handle(),
            b.handle(),
            blockSize,
            maskOut.map(MlxArray::handle),
            maskLhs.map(MlxArray::handle),
            maskRhs.map(MlxArray::handle)));
  }

  /** Hadamard transform of the last axis, times scale (1/sqrt(n) where absent). */
  public MlxArray hadamard(MlxArray a, Optional<Float> scale) {
    return scope.adopt(ProductCalls.hadamard(a.handle(), scale));
  }
}
