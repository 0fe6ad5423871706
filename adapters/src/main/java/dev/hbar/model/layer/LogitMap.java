package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/** What becomes of the head's answers. */
public sealed interface LogitMap {
  /** As they are. */
  LogitMap NONE = new None();

  /** Float32 logits of any shape. */
  MlxArray apply(MlxScope scope, MlxArray logits);

  /** No operation. */
  record None() implements LogitMap {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray logits) {
      return logits;
    }
  }

  /** Times a factor. */
  record Scaled(float factor) implements LogitMap {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray logits) {
      return scope.ops().multiply(logits, scope.scalar(factor, DType.FLOAT32));
    }
  }

  /** cap tanh(logit/cap). */
  record Capped(float cap) implements LogitMap {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray logits) {
      MlxOps ops = scope.ops();
      MlxArray most = scope.scalar(cap, DType.FLOAT32);
      return ops.multiply(scope.math().tanh(ops.divide(logits, most)), most);
    }
  }
}
