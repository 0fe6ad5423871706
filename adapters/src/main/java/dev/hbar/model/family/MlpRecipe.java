package dev.hbar.model.family;

import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Activation;
import dev.hbar.model.layer.ChannelMixer;
import dev.hbar.model.layer.GatedMlp;
import dev.hbar.model.layer.Gating;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Mlp;
import java.util.List;

/**
 * A dense MLP. Start from {@link #plain}, add what differs.
 *
 * @param path of the MLP in its layer
 * @param names of its projections
 * @param inner width between the projections
 * @param bias all projections have biases
 * @param fused one projection holds the rows of gate and up, see {@link Names#fused}
 */
record MlpRecipe(
    String path,
    Names names,
    int hidden,
    int inner,
    ActivationKind activation,
    boolean bias,
    boolean fused)
    implements ChannelRecipe {
  /**
   * What the projections are called.
   *
   * @param gate empty in an MLP without a gate
   */
  record Names(String gate, String up, String down, String fused) {
    static final Names USUAL = new Names("gate_proj", "up_proj", "down_proj", "gate_up_proj");
  }

  /** As config.json says, at {@code mlp}. */
  static MlpRecipe plain(ModelConfig config) {
    return at("mlp", config, config.intermediateSize());
  }

  /** The same at another path, of another width. */
  static MlpRecipe at(String path, ModelConfig config, int inner) {
    return new MlpRecipe(
        path, Names.USUAL, config.hiddenSize(), inner, ActivationKind.of(config), false, false);
  }

  MlpRecipe withBias(boolean given) {
    return new MlpRecipe(path, names, hidden, inner, activation, given, fused);
  }

  MlpRecipe withFusedProjections() {
    return new MlpRecipe(path, names, hidden, inner, activation, bias, true);
  }

  MlpRecipe withNames(String otherPath, Names others) {
    return new MlpRecipe(otherPath, others, hidden, inner, activation, bias, fused);
  }

  MlpRecipe withInner(int width) {
    return new MlpRecipe(path, names, hidden, width, activation, bias, fused);
  }

  MlpRecipe withActivation(ActivationKind other) {
    return new MlpRecipe(path, names, hidden, inner, other, bias, fused);
  }

  private Activation between(Parts parts, String own) {
    return activation == ActivationKind.XIELU
        ? parts.xieLu(own + "act_fn.")
        : parts.activation(activation);
  }

  @Override
  public ChannelMixer build(Parts parts, String layer) {
    String own = layer + "." + path + ".";
    Linear down;
    if (names.gate().isEmpty()) {
      Linear up = parts.linear(own + names.up(), hidden, inner, bias);
      down = parts.linear(own + names.down(), inner, hidden, bias);
      return new Mlp(up, down, between(parts, own));
    }
    String gate = own + names.gate();
    String up = own + names.up();
    if (fused) {
      parts.weights().split(own + names.fused(), List.of(gate, up), inner, inner);
    }
    down = parts.linear(own + names.down(), inner, hidden, bias);
    return new GatedMlp(
        parts.linear(gate, hidden, inner, bias),
        parts.linear(up, hidden, inner, bias),
        down,
        new Gating.Product(parts.activation(activation)));
  }
}
