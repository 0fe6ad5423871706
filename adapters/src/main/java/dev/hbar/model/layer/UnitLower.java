package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Inverse of a lower triangular matrix with ones on its diagonal, by halves: as stable as a
 * substitution, and all matrices of a batch at once.
 */
final class UnitLower {
  /** Up to this size the series of powers is short and its terms stay small. */
  private static final int SERIES = 8;

  private UnitLower() {}

  /**
   * @param x float32 [..., n, n], n a power of two; only what is below the diagonal counts
   */
  static MlxArray inverse(MlxScope scope, MlxArray x) {
    MlxOps ops = scope.ops();
    int n = x.dim(-1);
    if (n <= SERIES) {
      return series(scope, x, n);
    }
    int half = n / 2;
    MlxArray upper = block(scope, x, 0, 0, half);
    MlxArray lower = block(scope, x, half, half, half);
    MlxArray inverses = inverse(scope, ops.stack(0, upper, lower));
    MlxArray first = ops.squeeze(leading(scope, inverses, 0), 0);
    MlxArray second = ops.squeeze(leading(scope, inverses, 1), 0);
    MlxArray between = ops.matmul(block(scope, x, half, 0, half), first);
    MlxArray corner = ops.negative(ops.matmul(second, between));
    int axis = x.shape().length - 1;
    MlxArray top = ops.concatenate(axis, first, ops.zeros(DType.FLOAT32, first.shape()));
    return ops.concatenate(axis - 1, top, ops.concatenate(axis, corner, second));
  }

  /** 1 + a + ... + a^7 = (1 + a)(1 + a^2)(1 + a^4), where a is minus the part below. */
  private static MlxArray series(MlxScope scope, MlxArray x, int n) {
    MlxOps ops = scope.ops();
    float[] below = new float[n * n];
    float[] ones = new float[n * n];
    for (int row = 0; row < n; row++) {
      ones[row * n + row] = 1f;
      for (int column = 0; column < row; column++) {
        below[row * n + column] = -1f;
      }
    }
    MlxArray power = ops.multiply(x, scope.floats(below, n, n));
    MlxArray sum = ops.add(power, scope.floats(ones, n, n));
    for (int reached = 2; reached < n; reached *= 2) {
      power = ops.matmul(power, power);
      sum = ops.add(sum, ops.matmul(sum, power));
    }
    return sum;
  }

  private static MlxArray block(MlxScope scope, MlxArray x, int row, int column, int size) {
    int[] to = x.shape();
    int[] from = new int[to.length];
    from[to.length - 2] = row;
    from[to.length - 1] = column;
    to[to.length - 2] = row + size;
    to[to.length - 1] = column + size;
    return scope.ops().slice(x, from, to);
  }

  private static MlxArray leading(MlxScope scope, MlxArray x, int index) {
    int[] to = x.shape();
    int[] from = new int[to.length];
    from[0] = index;
    to[0] = index + 1;
    return scope.ops().slice(x, from, to);
  }
}
