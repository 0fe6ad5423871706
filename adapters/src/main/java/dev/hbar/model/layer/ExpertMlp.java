package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * The MLPs of all experts: down(inner). Where many rows are computed they are put in the order of
 * their experts first, so that a matrix is read once for all of its rows.
 */
public record ExpertMlp(ExpertLinear up, ExpertLinear down, Inner inner) {
  /** Rows from which sorting pays, as in mlx-lm. */
  private static final int SORT_FROM = 64;

  /** What stands between the projections up and down. */
  public sealed interface Inner {
    /** gating(gate(x), up(x)). */
    record Gated(ExpertLinear gate, Gating gating) implements Inner {}

    /** activation(up(x)). */
    record Plain(Activation activation) implements Inner {}
  }

  /** With a gate: down(gating(gate(x), up(x))). */
  public static ExpertMlp gated(
      ExpertLinear gate, ExpertLinear up, ExpertLinear down, Gating gating) {
    return new ExpertMlp(up, down, new Inner.Gated(gate, gating));
  }

  /** Without: down(activation(up(x))). */
  public static ExpertMlp plain(ExpertLinear up, ExpertLinear down, Activation activation) {
    return new ExpertMlp(up, down, new Inner.Plain(activation));
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
    MlxArray narrowed =
        switch (inner) {
          case Inner.Gated gated ->
              gated.gating().apply(scope, gated.gate().apply(scope, x, experts), wide);
          case Inner.Plain plain -> plain.activation().apply(scope, wide);
        };
    return down.apply(scope, narrowed, experts);
  }
}
