package dev.hbar.model.family;

import dev.hbar.mlx.MlxArray;
import dev.hbar.model.layer.ChannelMixer;
import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.DenseBesideExperts;
import dev.hbar.model.layer.ExpertLinear;
import dev.hbar.model.layer.ExpertMlp;
import dev.hbar.model.layer.Gating;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.Router;

/**
 * Gemma 4's dense MLP with experts beside it.
 *
 * @param inner width inside an expert
 * @param chosen experts per token
 */
record DenseBesideExpertsRecipe(MlpRecipe dense, int inner, int count, int chosen)
    implements ChannelRecipe {
  @Override
  public ChannelMixer build(Parts parts, String layer) {
    return new DenseBesideExperts(
        norms(parts, layer, "pre_feedforward_layernorm", "post_feedforward_layernorm_1"),
        dense.build(parts, layer),
        routerNorm(parts, layer),
        new Router(
            parts.linear(layer + ".router.proj", dense.hidden(), count, false),
            new Router.SoftmaxFirst(chosen, true, 1)),
        parts.weights().float32(layer + ".router.per_expert_scale", count),
        norms(parts, layer, "pre_feedforward_layernorm_2", "post_feedforward_layernorm_2"),
        ExpertMlp.gated(
            projection(parts, layer, "gate_proj", dense.hidden(), inner),
            projection(parts, layer, "up_proj", dense.hidden(), inner),
            projection(parts, layer, "down_proj", inner, dense.hidden()),
            new Gating.Product(parts.activation(dense.activation()))));
  }

  private DecoderBlock.Norms norms(Parts parts, String layer, String before, String after) {
    int hidden = dense.hidden();
    return new DecoderBlock.Norms(
        parts.norm(layer + "." + before, hidden), parts.norm(layer + "." + after, hidden));
  }

  /** Times scale / sqrt(hidden). */
  private RmsNorm routerNorm(Parts parts, String layer) {
    MlxArray scale = parts.weights().vector(layer + ".router.scale", dense.hidden());
    float factor = (float) (1 / Math.sqrt(dense.hidden()));
    MlxArray weight =
        parts.model().ops().multiply(scale, parts.model().scalar(factor, scale.dtype()));
    return new RmsNorm(weight, (float) parts.config().rmsNormEps());
  }

  private ExpertLinear projection(Parts parts, String layer, String name, int in, int out) {
    String path = layer + ".experts.switch_glu." + name;
    return parts.weights().experts(path, count, in, out, false);
  }
}
