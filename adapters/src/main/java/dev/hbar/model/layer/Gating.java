package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/** How the two input projections of a gated MLP become one. */
public sealed interface Gating {
  /** Elementwise, in the type of its arguments. */
  MlxArray apply(MlxScope scope, MlxArray gate, MlxArray up);

  /** activation(gate) * up. */
  record Product(Activation activation) implements Gating {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray gate, MlxArray up) {
      return activation.times(scope, gate, up);
    }
  }

  /** g sigmoid(sharpness g) (u + 1), where g is at most {@code limit} and u within it. */
  record Clamped(float sharpness, float limit) implements Gating {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray gate, MlxArray up) {
      MlxOps ops = scope.ops();
      DType dtype = gate.dtype();
      MlxArray most = scope.scalar(limit, dtype);
      MlxArray g = ops.minimum(gate, most);
      MlxArray u = ops.maximum(ops.minimum(up, most), scope.scalar(-limit, dtype));
      MlxArray share = ops.sigmoid(ops.multiply(g, scope.scalar(sharpness, dtype)));
      return ops.multiply(ops.multiply(g, share), ops.add(u, scope.scalar(1f, dtype)));
    }
  }
}
