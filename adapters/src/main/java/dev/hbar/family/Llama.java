package dev.hbar.family;

import dev.hbar.checkpoint.ModelConfig;
import dev.hbar.checkpoint.WeightStore;
import dev.hbar.layer.Attention;
import dev.hbar.layer.AttentionShape;
import dev.hbar.layer.DecoderBlock;
import dev.hbar.layer.Embedding;
import dev.hbar.layer.GatedMlp;
import dev.hbar.layer.Linear;
import dev.hbar.layer.RmsNorm;
import dev.hbar.layer.Rope;
import dev.hbar.layer.Sdpa;
import dev.hbar.layer.Silu;
import dev.hbar.mlx.MlxScope;
import java.util.ArrayList;
import java.util.List;

/**
 * Llama 1 to 3.x and what shares its layout: GQA, SwiGLU, RMS norm before each half, RoPE, optional
 * biases, tied or own head. Names are the checkpoint's own.
 */
final class Llama implements Family {
  @Override
  public CausalLm build(
      MlxScope model, ModelConfig config, WeightStore weights, LoadOptions options) {
    Rope rope = Ropes.of(model, config);
    Embedding embedding =
        weights.embedding("model.embed_tokens", config.vocabSize(), config.hiddenSize());
    List<DecoderBlock> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(block("model.layers." + layer, config, weights, rope, options));
    }
    RmsNorm finalNorm = norm("model.norm", config, weights);
    Linear head =
        config.tieWordEmbeddings().orElse(false)
            ? embedding.tiedHead()
            : weights.linear("lm_head", config.hiddenSize(), config.vocabSize(), false);
    return new CausalLm(model, config, options, embedding, blocks, finalNorm, head);
  }

  private static DecoderBlock block(
      String path, ModelConfig config, WeightStore weights, Rope rope, LoadOptions options) {
    return new DecoderBlock(
        norm(path + ".input_layernorm", config, weights),
        attention(path + ".self_attn", config, weights, rope, options.sdpa()),
        norm(path + ".post_attention_layernorm", config, weights),
        mlp(path + ".mlp", config, weights, options.compute().silu()));
  }

  private static Attention attention(
      String path, ModelConfig config, WeightStore weights, Rope rope, Sdpa sdpa) {
    AttentionShape shape = new AttentionShape(config.heads(), config.kvHeads(), config.headDim());
    int hidden = config.hiddenSize();
    int queries = shape.heads() * shape.headDim();
    int keys = shape.kvHeads() * shape.headDim();
    boolean bias = config.attentionBias().orElse(false);
    return new Attention(
        weights.linear(path + ".q_proj", hidden, queries, bias),
        weights.linear(path + ".k_proj", hidden, keys, bias),
        weights.linear(path + ".v_proj", hidden, keys, bias),
        weights.linear(path + ".o_proj", queries, hidden, bias),
        rope,
        sdpa,
        shape);
  }

  private static GatedMlp mlp(String path, ModelConfig config, WeightStore weights, Silu silu) {
    int hidden = config.hiddenSize();
    int inner = config.intermediateSize();
    boolean bias = config.mlpBias();
    return new GatedMlp(
        weights.linear(path + ".gate_proj", hidden, inner, bias),
        weights.linear(path + ".up_proj", hidden, inner, bias),
        weights.linear(path + ".down_proj", inner, hidden, bias),
        silu);
  }

  private static RmsNorm norm(String path, ModelConfig config, WeightStore weights) {
    return new RmsNorm(
        weights.vector(path + ".weight", config.hiddenSize()), (float) config.rmsNormEps());
  }
}
