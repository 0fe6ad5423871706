package dev.hbar.mlx;

import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.LinalgCalls;
import dev.hbar.mlx.internal.Unary;
import java.util.List;

/**
 * Linear algebra, on a CPU stream only: run it inside {@link MlxStream#call} of one where a GPU is
 * the default. Results belong to the scope this was taken from. Owner thread only.
 */
public final class MlxLinalg {
  private final MlxScope scope;

  MlxLinalg(MlxScope scope) {
    this.scope = scope;
  }

  /** Lower (or upper) factor of positive definite matrices [..., n, n]. */
  public MlxArray cholesky(MlxArray a, boolean upper) {
    return scope.adopt(LinalgCalls.cholesky(a.handle(), upper));
  }

  /** Inverse of the matrix whose Cholesky factor a is. */
  public MlxArray choleskyInv(MlxArray a, boolean upper) {
    return scope.adopt(LinalgCalls.choleskyInv(a.handle(), upper));
  }

  /** Cross product along an axis of length 2 or 3. */
  public MlxArray cross(MlxArray a, MlxArray b, int axis) {
    return scope.adopt(LinalgCalls.cross(a.handle(), b.handle(), axis));
  }

  /** Determinant of matrices [..., n, n]. */
  public MlxArray det(MlxArray a) {
    return scope.adopt(Unary.DET.of(a.handle()));
  }

  /** Sign and ln of the absolute value of the determinant. */
  public List<MlxArray> slogdet(MlxArray a) {
    return scope.adoptAll(LinalgCalls.slogdet(a.handle()));
  }

  /** Eigenvalues and eigenvectors (columns) of square matrices, complex. */
  public List<MlxArray> eig(MlxArray a) {
    return scope.adoptAll(LinalgCalls.eig(a.handle()));
  }

  /** Eigenvalues of square matrices, complex. */
  public MlxArray eigvals(MlxArray a) {
    return scope.adopt(Unary.EIGVALS.of(a.handle()));
  }

  /**
   * Rising eigenvalues and eigenvectors (columns) of symmetric matrices, read from one triangle.
   */
  public List<MlxArray> eigh(MlxArray a, boolean upper) {
    return scope.adoptAll(LinalgCalls.eigh(a.handle(), upper));
  }

  /** Rising eigenvalues of symmetric matrices, read from one triangle. */
  public MlxArray eigvalsh(MlxArray a, boolean upper) {
    return scope.adopt(LinalgCalls.eigvalsh(a.handle(), upper));
  }

  /** Inverse of square matrices. */
  public MlxArray inv(MlxArray a) {
    return scope.adopt(Unary.INV.of(a.handle()));
  }

  /** Inverse of triangular matrices. */
  public MlxArray triInv(MlxArray a, boolean upper) {
    return scope.adopt(LinalgCalls.triInv(a.handle(), upper));
  }

  /** Pseudo-inverse of matrices [..., m, n]. */
  public MlxArray pinv(MlxArray a) {
    return scope.adopt(Unary.PINV.of(a.handle()));
  }

  /** Row permutation, lower and upper factor. */
  public List<MlxArray> lu(MlxArray a) {
    return scope.adoptAll(LinalgCalls.lu(a.handle()));
  }

  /** Packed factors and pivots. */
  public List<MlxArray> luFactor(MlxArray a) {
    return scope.adoptAll(LinalgCalls.luFactor(a.handle()));
  }

  /** Orthogonal and upper triangular factor. */
  public List<MlxArray> qr(MlxArray a) {
    return scope.adoptAll(LinalgCalls.qr(a.handle()));
  }

  /** Left vectors, falling singular values and right vectors, or the values alone. */
  public List<MlxArray> svd(MlxArray a, boolean computeUv) {
    return scope.adoptAll(LinalgCalls.svd(a.handle(), computeUv));
  }

  /** Norm of the given order over one axis (vectors) or two (matrices). */
  public MlxArray norm(MlxArray a, double order, int[] axis, boolean keepDims) {
    return scope.adopt(LinalgCalls.norm(a.handle(), order, axis, keepDims));
  }

  /** Frobenius or nuclear norm over two axes. */
  public MlxArray norm(MlxArray a, MatrixNorm order, int[] axis, boolean keepDims) {
    return scope.adopt(LinalgCalls.norm(a.handle(), order.mlxName(), axis, keepDims));
  }

  /** Euclidean norm over the given axes. */
  public MlxArray normL2(MlxArray a, int[] axis, boolean keepDims) {
    return scope.adopt(LinalgCalls.normL2(a.handle(), axis, keepDims));
  }

  /** x with a @ x = b. */
  public MlxArray solve(MlxArray a, MlxArray b) {
    return scope.adopt(Binary.SOLVE.of(a.handle(), b.handle()));
  }

  /** x with a @ x = b for triangular a. */
  public MlxArray solveTriangular(MlxArray a, MlxArray b, boolean upper) {
    return scope.adopt(LinalgCalls.solveTriangular(a.handle(), b.handle(), upper));
  }
}
