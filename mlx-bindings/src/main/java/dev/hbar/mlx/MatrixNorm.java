package dev.hbar.mlx;

/** Norms of matrices that have a name instead of a number. */
public enum MatrixNorm {
  /** Square root of the sum of squares. */
  FROBENIUS("fro"),
  /** Sum of the singular values. */
  NUCLEAR("nuc");

  private final String mlxName;

  MatrixNorm(String mlxName) {
    this.mlxName = mlxName;
  }

  String mlxName() {
    return mlxName;
  }
}
