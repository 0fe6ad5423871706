package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/** Activations with one form on every device. */
public enum PlainActivation implements Activation {
  /** x Phi(x), by its approximation: x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)). */
  GELU_TANH {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      MlxOps ops = scope.ops();
      MlxArray cubic = ops.multiply(ops.square(x), scope.scalar(CUBIC, x.dtype()));
      MlxArray inner = ops.multiply(x, ops.add(cubic, scope.scalar(LINEAR, x.dtype())));
      return ops.multiply(x, ops.sigmoid(inner));
    }
  },
  /** x Phi(x). */
  GELU {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      MlxOps ops = scope.ops();
      MlxArray erf = scope.math().erf(ops.multiply(x, scope.scalar(ROOT_HALF, x.dtype())));
      MlxArray half = ops.multiply(x, scope.scalar(0.5f, x.dtype()));
      return ops.multiply(half, ops.add(erf, scope.scalar(1f, x.dtype())));
    }
  },
  /** max(x, 0). */
  RELU {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      return scope.ops().maximum(x, scope.scalar(0f, x.dtype()));
    }
  },
  /** max(x, 0)^2. */
  RELU_SQUARED {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      return scope.ops().square(scope.ops().maximum(x, scope.scalar(0f, x.dtype())));
    }
  };

  private static final float ROOT_HALF = (float) Math.sqrt(0.5);
  private static final float LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));
  private static final float CUBIC = (float) (2 * Math.sqrt(2 / Math.PI) * 0.044715);
}
