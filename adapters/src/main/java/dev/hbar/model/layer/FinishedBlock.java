package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;
import java.util.Optional;

/**
 * A block whose stream is finished by what its layer is told of each token, and by a factor.
 *
 * @param told how it takes that in, in models that have it
 * @param factor [1]
 */
public record FinishedBlock(DecoderBlock inner, Optional<Told> told, MlxArray factor)
    implements DecoderBlock {
  /** x + norm(projection(activation(gate(x)) * input)). */
  public record Told(Linear gate, Activation activation, Linear projection, Norm norm) {
    private MlxArray apply(MlxScope scope, MlxArray x, MlxArray input) {
      MlxOps ops = scope.ops();
      MlxArray opened = activation.apply(scope, gate.apply(scope, x));
      MlxArray wide = projection.apply(scope, ops.multiply(opened, input));
      return ops.add(x, norm.apply(scope, wide));
    }
  }

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray input, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    MlxArray x = inner.apply(scope, input, cache, layerIndex, plan, tap);
    MlxArray y = told.isPresent() ? told.get().apply(scope, x, own(scope, plan, layerIndex)) : x;
    return scope.ops().multiply(y, factor);
  }

  private static MlxArray own(MlxScope scope, StepPlan plan, int layer) {
    MlxArray all = plan.layerInputs().orElseThrow();
    int[] from = {layer, 0, 0, 0};
    int[] to = all.shape();
    to[0] = layer + 1;
    return scope.ops().squeeze(scope.ops().slice(all, from, to), 0);
  }

  @Override
  public Optional<TokenMixer> tokenMixer() {
    return inner.tokenMixer();
  }
}
