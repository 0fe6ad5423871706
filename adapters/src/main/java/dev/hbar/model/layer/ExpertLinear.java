package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import java.util.Optional;

/**
 * A linear layer for each of several experts, stacked: every row of its input goes through the one
 * that its index names. Built once, owned by the model's scope.
 */
public sealed interface ExpertLinear {
  /**
   * x [..., 1, M, in] to [index dimensions, M, out] in x's dtype, owned by {@code scope}; the
   * dimensions of x before its last two broadcast with those of the indices.
   */
  MlxArray apply(MlxScope scope, MlxArray x, ExpertIndices experts);

  /**
   * @param transposed the weights as [experts, in, out]: a view of the stored [experts, out, in]
   * @param bias [experts, 1, out]
   */
  record Dense(MlxArray transposed, Optional<MlxArray> bias) implements ExpertLinear {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, ExpertIndices experts) {
      MlxOps ops = scope.ops();
      MlxArray input = ops.astype(x, transposed.dtype());
      MlxArray product = ops.gatherMm(input, transposed, experts.ids(), experts.sorted());
      return ops.astype(withBias(scope, product, bias, experts), x.dtype());
    }
  }

  /**
   * Packed weights, multiplied as they are.
   *
   * @param bias [experts, 1, out]
   */
  record Quantized(QuantizedWeight weight, Optional<MlxArray> bias) implements ExpertLinear {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, ExpertIndices experts) {
      MlxArray product = scope.quantized().gatherQmm(x, weight, experts.ids(), experts.sorted());
      return withBias(scope, product, bias, experts);
    }
  }

  private static MlxArray withBias(
      MlxScope scope, MlxArray product, Optional<MlxArray> bias, ExpertIndices experts) {
    return bias.isEmpty()
        ? product
        : scope.ops().add(product, scope.ops().take(bias.get(), experts.ids(), 0));
  }
}
