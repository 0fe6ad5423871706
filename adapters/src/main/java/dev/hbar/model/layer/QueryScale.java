package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Queries that grow with their position: times 1 + beta ln(1 + floor((position + first) / period)).
 *
 * @param first what the first position counts as
 * @param period positions after which the factor grows, the length that the model was trained with
 */
public record QueryScale(float beta, int period, int first) {
  /** q [B, heads, T, headDim], after it was turned. */
  MlxArray apply(MlxScope scope, MlxArray q, StepPlan plan) {
    return switch (plan.positions()) {
      case Positions.Shared shared -> apply(scope, q, shared.first() + first, plan.columns());
      case Positions.PerRow rows -> {
        MlxOps ops = scope.ops();
        MlxArray first = ops.expandDims(rows.first(), 1);
        MlxArray columns = ops.arange(this.first, this.first + plan.columns(), DType.INT32);
        MlxArray positions = ops.add(first, columns);
        MlxArray counted = ops.maximum(positions, scope.scalar(0f, DType.INT32));
        MlxArray size = scope.scalar(period, DType.FLOAT32);
        MlxArray periods =
            ops.astype(ops.divide(ops.astype(counted, DType.FLOAT32), size), DType.INT32);
        MlxArray grown = ops.log1p(ops.astype(periods, DType.FLOAT32));
        MlxArray factors =
            ops.add(
                ops.multiply(grown, scope.scalar(beta, DType.FLOAT32)),
                scope.scalar(1f, DType.FLOAT32));
        MlxArray shaped = ops.reshape(factors, plan.rows(), 1, plan.columns(), 1);
        yield ops.multiply(q, ops.astype(shaped, q.dtype()));
      }
    };
  }

  private MlxArray apply(MlxScope scope, MlxArray q, int from, int columns) {
    if (from + columns <= period) {
      return q;
    }
    float[] factors = new float[columns];
    for (int i = 0; i < columns; i++) {
      factors[i] = (float) (1 + beta * Math.log1p(Math.floorDiv(Math.max(0, from + i), period)));
    }
    MlxArray shaped = scope.floats(factors, 1, 1, columns, 1);
    return scope.ops().multiply(q, scope.ops().astype(shaped, q.dtype()));
  }
}
