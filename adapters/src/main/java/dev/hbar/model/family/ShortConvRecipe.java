package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.CausalConv;
import dev.hbar.model.layer.ShortConv;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.Optional;

/**
 * A gated short convolution at {@code conv}.
 *
 * @param taps of the convolution
 * @param bias the convolution and both projections have biases
 */
record ShortConvRecipe(int hidden, int taps, boolean bias) implements MixerRecipe {
  private static final int MAX_TAPS = 1 << 16;

  static ShortConvRecipe of(ModelConfig config) {
    return new ShortConvRecipe(
        config.hiddenSize(),
        config.fields().optionalPositiveInt("conv_L_cache", MAX_TAPS).orElse(3),
        config.fields().flag("conv_bias").orElse(false));
  }

  @Override
  public StateKind state(DType dtype) {
    return ShortConv.state(hidden, taps, dtype);
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + ".conv";
    String conv = own + ".conv";
    Optional<MlxArray> offset =
        bias
            ? Optional.of(parts.weights().vector(conv + ".bias", DType.FLOAT32, hidden))
            : Optional.empty();
    return new ShortConv(
        parts.linear(own + ".in_proj", hidden, 3 * hidden, bias),
        new CausalConv(parts.weights().taps(conv, hidden, taps), offset),
        parts.linear(own + ".out_proj", hidden, hidden, bias));
  }
}
