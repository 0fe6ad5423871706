package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.Rope;

/**
 * What recipes build their parts from. Arrays belong to {@code model}.
 *
 * @param weights of the checkpoint, consumed by name
 * @param rope that config.json names
 */
record Parts(
    MlxScope model, ModelConfig config, WeightStore weights, LoadOptions options, Rope rope) {
  /** The linear layer [out, in] at {@code path}. */
  Linear linear(String path, int in, int out, boolean bias) {
    return weights.linear(path, in, out, bias);
  }

  /** The RMS norm at {@code path}. */
  Norm norm(String path, int size) {
    return new RmsNorm(weights.vector(path + ".weight", size), (float) config.rmsNormEps());
  }

  /** Type of the activations. */
  DType dtype() {
    return options.compute().dtype();
  }
}
