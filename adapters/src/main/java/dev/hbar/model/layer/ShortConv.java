package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.List;

/**
 * A gated short convolution in the place of attention: output(c * conv(b * x)), where b, c and x
 * are thirds of one projection.
 */
record ShortConv(Linear input, CausalConv conv, Linear output) {
  /** The arrays of its state. */
  List<RecurrentState.Part> parts(DType dtype) {
    return List.of(conv.part(dtype));
  }

  /** x [B, T, hidden] to [B, T, hidden]; the state moves T columns on. */
  MlxArray apply(MlxScope scope, MlxArray x, RecurrentState state, Padding padding) {
    MlxOps ops = scope.ops();
    MlxArray projected = input.apply(scope, x);
    MlxArray gated = ops.multiply(third(scope, projected, 0), third(scope, projected, 2));
    MlxArray mixed = ops.astype(conv.apply(scope, gated, state, 0, padding), x.dtype());
    return output.apply(scope, ops.multiply(third(scope, projected, 1), mixed));
  }

  private static MlxArray third(MlxScope scope, MlxArray x, int index) {
    int size = x.dim(2) / 3;
    int[] from = {0, 0, index * size};
    int[] to = {x.dim(0), x.dim(1), (index + 1) * size};
    return scope.ops().slice(x, from, to);
  }
}
