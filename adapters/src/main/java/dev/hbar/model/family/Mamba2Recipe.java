package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.CausalConv;
import dev.hbar.model.layer.Mamba2;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.Optional;

/**
 * A Mamba 2 mixer.
 *
 * @param path of the mixer in its layer
 * @param taps of the convolution
 * @param activation behind it
 * @param convBias the convolution has a bias
 * @param bias both projections have biases
 */
record Mamba2Recipe(
    String path,
    int hidden,
    Mamba2.Shape shape,
    int taps,
    ActivationKind activation,
    boolean convBias,
    boolean bias,
    Mamba2.StepLimits limits)
    implements MixerRecipe {
  @Override
  public StateKind state(DType dtype) {
    return Mamba2.state(shape, taps, dtype);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + "." + path;
    WeightStore weights = parts.weights();
    int inner = shape.inner();
    int heads = shape.heads();
    int projected = inner + shape.channels() + heads;
    return new Mamba2(
        shape,
        parts.linear(own + ".in_proj", hidden, projected, bias),
        conv(weights, own + ".conv1d"),
        parts.activation(activation),
        DecayRate.of(parts, own, heads),
        weights.vector(own + ".dt_bias", DType.FLOAT32, heads),
        column(parts, weights.vector(own + ".D", DType.FLOAT32, heads)),
        limits,
        unit(parts),
        weights.vector(own + ".norm.weight", DType.FLOAT32, inner),
        parts.linear(own + ".out_proj", inner, hidden, bias),
        parts.options().compute().silu());
  }

  private CausalConv conv(WeightStore weights, String own) {
    int channels = shape.channels();
    Optional<MlxArray> offset =
        convBias
            ? Optional.of(weights.vector(own + ".bias", DType.FLOAT32, channels))
            : Optional.empty();
    return new CausalConv(weights.taps(own, channels, taps), offset);
  }

  /** [n] to [n, 1]. */
  private static MlxArray column(Parts parts, MlxArray vector) {
    MlxArray column = parts.model().ops().expandDims(vector, 1);
    parts.model().eval(column);
    vector.close();
    return column;
  }

  private RmsNorm unit(Parts parts) {
    int group = shape.inner() / shape.groups();
    try (MlxScope scope = parts.model().child("ones")) {
      MlxArray ones = scope.ops().full(scope.scalar(1f, DType.FLOAT32), DType.FLOAT32, group);
      scope.eval(ones);
      return new RmsNorm(scope.keep(ones), (float) parts.config().rmsNormEps());
    }
  }
}
