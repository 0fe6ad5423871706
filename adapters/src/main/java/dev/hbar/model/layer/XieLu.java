package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * The activation of Apertus, a learned parabola for positive x and a learned exponential for
 * others: a x^2 + beta x, and (expm1(min(x, eps)) - x) b + beta x. Every number is an array of one
 * element in the activations' type.
 *
 * @param rise a
 * @param fall b
 */
public record XieLu(MlxArray rise, MlxArray fall, MlxArray beta, MlxArray eps)
    implements Activation {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x) {
    MlxOps ops = scope.ops();
    MlxArray above = ops.multiply(ops.square(x), rise);
    MlxArray bent = ops.subtract(scope.math().expm1(ops.minimum(x, eps)), x);
    MlxArray below = ops.multiply(bent, fall);
    MlxArray positive = ops.greater(x, scope.scalar(0f, x.dtype()));
    return ops.add(ops.where(positive, above, below), ops.multiply(x, beta));
  }
}
