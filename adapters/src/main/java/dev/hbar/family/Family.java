package dev.hbar.family;

import dev.hbar.checkpoint.ModelConfig;
import dev.hbar.checkpoint.WeightStore;
import dev.hbar.mlx.MlxScope;

/** Builds one family's model from its weights, consuming every one it needs. Owner thread. */
interface Family {
  CausalLm build(MlxScope model, ModelConfig config, WeightStore weights, LoadOptions options);
}
