package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/**
 * One pre-norm decoder block: h = x + attention(norm(x)); h + mlp(norm(h)). Its output is the
 * residual stream, raw.
 */
public record DecoderBlock(
    RmsNorm inputNorm, Attention attention, RmsNorm postAttentionNorm, GatedMlp mlp) {

  /** x [B, T, hidden] to [B, T, hidden]; the tap sees every named state inside. */
  public MlxArray apply(
      MlxScope scope, MlxArray input, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    MlxArray x = tap.pass(scope, BlockPart.INPUT, input);
    MlxArray normed = inputNorm.apply(scope, x);
    MlxArray attended = attention.apply(scope, normed, cache, layerIndex, plan, tap);
    MlxArray h = scope.ops().add(x, tap.pass(scope, BlockPart.ATTENTION_OUTPUT, attended));
    MlxArray widened = mlp.apply(scope, postAttentionNorm.apply(scope, h), tap);
    return scope.ops().add(h, tap.pass(scope, BlockPart.MLP_OUTPUT, widened));
  }
}
