package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import java.util.Optional;

/**
 * A linear layer x [..., in] -> [..., out], with an optional bias [out]. With stacked weights it is
 * one for each head of x [B, heads, T, in]. Built once, owned by the model's scope.
 */
public sealed interface Linear {
  /** The product in x's dtype, owned by {@code scope}. */
  MlxArray apply(MlxScope scope, MlxArray x);

  /**
   * @param transposed the weight as [in, out]: a view of the stored [out, in], so that no step
   *     builds it again
   * @param wide the weight is float32 under 16-bit activations: the product is computed and
   *     accumulated in float32 and rounded once
   */
  record Dense(MlxArray transposed, Optional<MlxArray> bias, boolean wide) implements Linear {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      if (!wide) {
        return withBias(scope, scope.ops().matmul(x, transposed), bias);
      }
      MlxArray product = scope.ops().matmul(scope.ops().astype(x, DType.FLOAT32), transposed);
      return scope.ops().astype(withBias(scope, product, bias), x.dtype());
    }
  }

  /** Packed weights, multiplied as they are. */
  record Quantized(QuantizedWeight weight, Optional<MlxArray> bias) implements Linear {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      MlxArray product = scope.quantized().quantizedMatmul(x, weight);
      return withBias(scope, product, bias);
    }
  }

  /**
   * A product through a narrow space.
   *
   * @param down into it
   * @param norm in there
   * @param up out of it
   */
  record Narrowed(Linear down, Norm norm, Linear up) implements Linear {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x) {
      return up.apply(scope, norm.apply(scope, down.apply(scope, x)));
    }
  }

  private static MlxArray withBias(MlxScope scope, MlxArray product, Optional<MlxArray> bias) {
    return bias.isPresent() ? scope.ops().add(product, bias.get()) : product;
  }
}
