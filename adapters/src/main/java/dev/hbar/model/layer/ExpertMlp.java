package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.Optional;

/**
 * The MLPs of all experts. Where many rows are computed they are put in the order of their experts
 * first, so that a matrix is read once for all of its rows.
 *
 * @param gate empty for MLPs without one
 * @param gating what becomes of gate and up; of up alone it is {@code plain}
 */
public record ExpertMlp(
    Optional<ExpertLinear> gate,
    ExpertLinear up,
    ExpertLinear down,
    Gating gating,
    Activation plain) {
  /** Rows from which sorting pays, as in mlx-lm. */
  private static final int SORT_FROM = 64;

  /** With a gate: down(gating(gate(x), up(x))). */
  public static ExpertMlp gated(
      ExpertLinear gate, ExpertLinear up, ExpertLinear down, Gating gating) {
    return new ExpertMlp(Optional.of(gate), up, down, gating, PlainActivation.RELU_SQUARED);
  }

  /** Without: down(activation(up(x))). */
  public static ExpertMlp plain(ExpertLinear up, ExpertLinear down, Activation activation) {
    return new ExpertMlp(Optional.empty(), up, down, new Gating.Product(activation), activation);
  }

  /**
   * What each of its experts makes of each row: x [N, hidden] and chosen [N, k] to [N, k, hidden].
   */
  MlxArray apply(MlxScope scope, MlxArray x, MlxArray chosen) {
    MlxOps ops = scope.ops();
    int rows = chosen.dim(0);
    int each = chosen.dim(1);
    int width = x.dim(1);
    if (rows * each < SORT_FROM) {
      MlxArray wide = ops.reshape(x, rows, 1, 1, width);
      MlxArray y = experts(scope, wide, new ExpertIndices(chosen, false));
      return ops.reshape(y, rows, each, y.dim(-1));
    }
    MlxArray ids = ops.reshape(chosen, rows * each);
    MlxArray order = ops.argsort(ids, 0);
    MlxArray rowOf = ops.repeat(ops.arange(0, rows, DType.INT32), each, 0);
    MlxArray sorted = ops.take(x, ops.take(rowOf, order, 0), 0);
    MlxArray wide = ops.reshape(sorted, rows * each, 1, width);
    MlxArray y = experts(scope, wide, new ExpertIndices(ops.take(ids, order, 0), true));
    MlxArray back = ops.take(ops.reshape(y, rows * each, y.dim(-1)), ops.argsort(order, 0), 0);
    return ops.reshape(back, rows, each, y.dim(-1));
  }

  private MlxArray experts(MlxScope scope, MlxArray x, ExpertIndices experts) {
    MlxArray wide = up.apply(scope, x, experts);
    MlxArray inner =
        gate.isPresent()
            ? gating.apply(scope, gate.get().apply(scope, x, experts), wide)
            : plain.apply(scope, wide);
    return down.apply(scope, inner, experts);
  }
}
