package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.LatentAttention;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.TokenMixer;
import java.util.OptionalInt;

/**
 * DeepSeek's latent attention at {@code self_attn}.
 *
 * @param queryRank width that queries go through; empty: they do not
 * @param interleaved what turns is stored in pairs
 * @param bias of the projections to narrow widths and of o_proj
 */
record LatentAttentionRecipe(
    int hidden,
    LatentAttention.Shape shape,
    OptionalInt queryRank,
    boolean bias,
    boolean interleaved)
    implements MixerRecipe {
  private static final int MAX_WIDTH = 1 << 16;

  /** Of the norms of narrow widths, whatever rms_norm_eps says. */
  private static final float INNER_EPS = 1e-6f;

  /** With the sizes that config.json names. */
  static LatentAttentionRecipe of(ModelConfig config) {
    JsonFields fields = config.fields();
    int nope = fields.positiveInt("qk_nope_head_dim", MAX_WIDTH);
    int turned = config.headDim();
    double scale = yarnGain(fields) / Math.sqrt(nope + turned);
    return new LatentAttentionRecipe(
        config.hiddenSize(),
        new LatentAttention.Shape(
            config.heads(),
            nope,
            turned,
            fields.positiveInt("kv_lora_rank", MAX_WIDTH),
            fields.positiveInt("v_head_dim", MAX_WIDTH),
            (float) scale),
        fields.optionalPositiveInt("q_lora_rank", MAX_WIDTH),
        config.attentionBias().orElse(false),
        fields.flag("rope_interleave").orElse(true));
  }

  /** Scores of a stretched context grow by the square of mscale for all dimensions. */
  private static double yarnGain(JsonFields fields) {
    JsonFields rope =
        fields.object("rope_scaling").or(() -> fields.object("rope_parameters")).orElse(fields);
    String kind = rope.text("rope_type").or(() -> rope.text("type")).orElse("default");
    double weight = rope.optionalNumber("mscale_all_dim").orElse(0);
    double factor = rope.optionalPositiveNumber("factor").orElse(1);
    boolean plain = kind.equals("default") || weight == 0 || factor <= 1;
    return plain ? 1 : Math.pow(0.1 * weight * Math.log(factor) + 1, 2);
  }

  @Override
  public StateKind state(DType dtype) {
    return new StateKind.KeysAndValues(1, shape.latent(), shape.turned(), OptionalInt.empty());
  }

  @Override
  public TokenMixer build(Parts parts, String layer) {
    String own = layer + ".self_attn.";
    int heads = shape.heads();
    String embed = own + "embed_q";
    String unembed = own + "unembed_out";
    if (parts.weights().has(own + "kv_b_proj.weight")) {
      parts
          .weights()
          .splitHeads(
              own + "kv_b_proj",
              embed,
              unembed,
              heads,
              shape.nope(),
              shape.value(),
              shape.latent());
    }
    return new LatentAttention(
        query(parts, own),
        parts.linear(own + "kv_a_proj_with_mqa", hidden, shape.latent() + shape.turned(), bias),
        norm(parts, own + "kv_a_layernorm", shape.latent()),
        parts.weights().linears(embed, heads, shape.nope(), shape.latent()),
        parts.weights().linears(unembed, heads, shape.latent(), shape.value()),
        parts.linear(own + "o_proj", heads * shape.value(), hidden, bias),
        parts.rope(RopeRecipe.of(parts.config())),
        interleaved,
        shape);
  }

  private Linear query(Parts parts, String own) {
    int out = shape.heads() * (shape.nope() + shape.turned());
    if (queryRank.isEmpty()) {
      return parts.linear(own + "q_proj", hidden, out, false);
    }
    int rank = queryRank.getAsInt();
    return new Linear.Narrowed(
        parts.linear(own + "q_a_proj", hidden, rank, bias),
        norm(parts, own + "q_a_layernorm", rank),
        parts.linear(own + "q_b_proj", rank, out, false));
  }

  private static Norm norm(Parts parts, String path, int size) {
    return new RmsNorm(parts.weights().vector(path + ".weight", size), INNER_EPS);
  }
}
