package dev.hbar.layer;

import dev.hbar.attention.KvCache;
import dev.hbar.attention.StepPlan;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/**
 * One pre-norm decoder block: h = x + attention(norm(x)); h + mlp(norm(h)). Its output is the
 * residual stream, raw.
 */
public record DecoderBlock(
    RmsNorm inputNorm, Attention attention, RmsNorm postAttentionNorm, GatedMlp mlp) {

  public MlxArray apply(MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan) {
    MlxArray attended = attention.apply(scope, inputNorm.apply(scope, x), cache, layerIndex, plan);
    MlxArray h = scope.ops().add(x, attended);
    return scope.ops().add(h, mlp.apply(scope, postAttentionNorm.apply(scope, h)));
  }
}
