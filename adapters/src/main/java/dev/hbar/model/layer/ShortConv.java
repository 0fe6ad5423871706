package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;
import java.util.List;

/**
 * A gated short convolution in the place of attention: output(c * conv(b * x)), where b, c and x
 * are thirds of one projection.
 */
public record ShortConv(Linear input, CausalConv conv, Linear output) implements TokenMixer {
  /** What it keeps; activations are of {@code dtype}. */
  public static StateKind state(int channels, int taps, DType dtype) {
    return new StateKind.Recurrent(List.of(CausalConv.tail(taps, channels, dtype)));
  }

  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    RecurrentState state = cache.recurrent(layerIndex);
    MlxOps ops = scope.ops();
    MlxArray projected = input.apply(scope, x);
    MlxArray gated = ops.multiply(third(scope, projected, 0), third(scope, projected, 2));
    MlxArray mixed = ops.astype(conv.apply(scope, gated, state, 0, plan.padding()), x.dtype());
    return output.apply(scope, ops.multiply(third(scope, projected, 1), mixed));
  }

  private static MlxArray third(MlxScope scope, MlxArray x, int index) {
    int size = x.dim(2) / 3;
    int[] from = {0, 0, index * size};
    int[] to = {x.dim(0), x.dim(1), (index + 1) * size};
    return scope.ops().slice(x, from, to);
  }
}
