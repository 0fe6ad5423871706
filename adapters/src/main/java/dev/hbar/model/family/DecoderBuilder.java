package dev.hbar.model.family;

import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.Attention;
import dev.hbar.model.layer.AttentionShape;
import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.GatedMlp;
import dev.hbar.model.layer.HeadNorms;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.RmsNorm;
import dev.hbar.model.layer.Rope;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Builds a decoder from its recipe, consuming every weight it needs. Names are the checkpoint's
 * own. Owner thread.
 */
final class DecoderBuilder {
  private final ModelConfig config;
  private final DecoderRecipe recipe;
  private final WeightStore weights;
  private final LoadOptions options;
  private final AttentionShape shape;
  private final Rope rope;

  private DecoderBuilder(
      MlxScope model, ModelConfig config, WeightStore weights, LoadOptions options) {
    this.config = config;
    DecoderRecipe own = Families.recipe(config);
    this.recipe = options.ropeReference() == RopeReference.MLX_LM ? own.withoutWindows() : own;
    this.weights = weights;
    this.options = options;
    this.shape = new AttentionShape(config.heads(), config.kvHeads(), config.headDim());
    this.rope = Ropes.of(model, config, options);
  }

  static CausalLm build(
      MlxScope model, ModelConfig config, WeightStore weights, LoadOptions options) {
    return new DecoderBuilder(model, config, weights, options).build(model);
  }

  private CausalLm build(MlxScope model) {
    int hidden = config.hiddenSize();
    Embedding embedding = weights.embedding("model.embed_tokens", config.vocabSize(), hidden);
    List<DecoderBlock> blocks =
        IntStream.range(0, config.layers())
            .mapToObj(layer -> block("model.layers." + layer))
            .toList();
    RmsNorm finalNorm = norm("model.norm", hidden);
    Linear head =
        config.tieWordEmbeddings().orElse(false)
            ? embedding.tiedHead()
            : weights.linear("lm_head", hidden, config.vocabSize(), false);
    return new CausalLm(
        model, config, options, embedding, blocks, finalNorm, head, recipe.windows());
  }

  private DecoderBlock block(String path) {
    return new DecoderBlock(
        norm(path + ".input_layernorm", config.hiddenSize()),
        attention(path + ".self_attn"),
        norm(path + ".post_attention_layernorm", config.hiddenSize()),
        mlp(path + ".mlp"));
  }

  private Attention attention(String path) {
    int hidden = config.hiddenSize();
    int queries = shape.heads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    String query = path + ".q_proj";
    String key = path + ".k_proj";
    String value = path + ".v_proj";
    if (recipe.fused()) {
      weights.split(path + ".qkv_proj", List.of(query, key, value), queries, keys, keys);
    }
    boolean bias = recipe.queryKeyValueBias();
    return new Attention(
        weights.linear(query, hidden, queries, bias),
        weights.linear(key, hidden, keys, bias),
        weights.linear(value, hidden, keys, bias),
        headNorms(path),
        weights.linear(path + ".o_proj", queries, hidden, recipe.outputBias()),
        rope,
        options.sdpa(),
        shape);
  }

  private Optional<HeadNorms> headNorms(String path) {
    return recipe.headNorms()
        ? Optional.of(
            new HeadNorms(
                norm(path + ".q_norm", shape.headDim()), norm(path + ".k_norm", shape.headDim())))
        : Optional.empty();
  }

  private GatedMlp mlp(String path) {
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    String gate = path + ".gate_proj";
    String up = path + ".up_proj";
    if (recipe.fused()) {
      weights.split(path + ".gate_up_proj", List.of(gate, up), inner, inner);
    }
    return new GatedMlp(
        weights.linear(gate, hidden, inner, recipe.mlpBias()),
        weights.linear(up, hidden, inner, recipe.mlpBias()),
        weights.linear(path + ".down_proj", inner, hidden, recipe.mlpBias()),
        options.compute().silu());
  }

  private RmsNorm norm(String path, int size) {
    return new RmsNorm(weights.vector(path + ".weight", size), (float) config.rmsNormEps());
  }
}
