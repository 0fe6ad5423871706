package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/** How fast each head of a state fades: -exp(A_log), float32 whatever the checkpoint's type is. */
final class DecayRate {
  private DecayRate() {}

  /** [heads], owned by the model; {@code path} is that of the mixer. */
  static MlxArray of(Parts parts, String path, int heads) {
    MlxArray logs = parts.weights().vector(path + ".A_log", DType.FLOAT32, heads);
    try (MlxScope scope = parts.model().child("decay")) {
      MlxArray rate = scope.ops().negative(scope.ops().exp(logs));
      scope.eval(rate);
      logs.close();
      return scope.keep(rate);
    }
  }
}
