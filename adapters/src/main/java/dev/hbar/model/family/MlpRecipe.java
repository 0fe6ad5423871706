package dev.hbar.model.family;

import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.ChannelMixer;
import dev.hbar.model.layer.GatedMlp;
import dev.hbar.model.layer.Gating;
import java.util.List;

/**
 * A gated MLP, SwiGLU.
 *
 * @param path of the MLP in its layer
 * @param inner width between the projections
 * @param bias all projections have biases
 * @param fused {@code gate_up_proj} holds the rows of gate_proj and up_proj
 */
record MlpRecipe(String path, int hidden, int inner, boolean bias, boolean fused)
    implements ChannelRecipe {
  /** At another path, of another width. */
  static MlpRecipe at(String path, int hidden, int inner) {
    return new MlpRecipe(path, hidden, inner, false, false);
  }

  static MlpRecipe plain(ModelConfig config) {
    return new MlpRecipe("mlp", config.hiddenSize(), config.intermediateSize(), false, false);
  }

  MlpRecipe withBias(boolean given) {
    return new MlpRecipe(path, hidden, inner, given, fused);
  }

  MlpRecipe withFusedProjections() {
    return new MlpRecipe(path, hidden, inner, bias, true);
  }

  @Override
  public ChannelMixer build(Parts parts, String layer) {
    String own = layer + "." + path;
    String gate = own + ".gate_proj";
    String up = own + ".up_proj";
    if (fused) {
      parts.weights().split(own + ".gate_up_proj", List.of(gate, up), inner, inner);
    }
    return new GatedMlp(
        parts.linear(gate, hidden, inner, bias),
        parts.linear(up, hidden, inner, bias),
        parts.linear(own + ".down_proj", inner, hidden, bias),
        new Gating.Product(parts.options().compute().silu()));
  }
}
