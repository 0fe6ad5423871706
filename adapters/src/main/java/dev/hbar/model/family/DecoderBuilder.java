package dev.hbar.model.family;

import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightStore;
import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.Norm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds a decoder from its recipe, consuming every weight it needs. Names are the checkpoint's
 * own. Owner thread.
 */
final class DecoderBuilder {
  private DecoderBuilder() {}

  static CausalLm build(
      MlxScope model,
      ModelConfig config,
      DecoderRecipe recipe,
      WeightStore weights,
      LoadOptions options) {
    Parts parts = new Parts(model, config, weights, options, recipe.norm());
    DecoderRecipe.Names names = recipe.names();
    int hidden = config.hiddenSize();
    Embedding table = weights.embedding(names.embedding(), config.vocabSize(), hidden);
    Embedding embedding =
        recipe.embeddingScale() == 1
            ? table
            : new Embedding.Scaled(table, (float) recipe.embeddingScale());
    List<DecoderBlock> blocks = new ArrayList<>();
    for (BlockRecipe block : recipe.blocks()) {
      blocks.add(block.build(parts, names.layers() + "." + blocks.size()));
    }
    Norm finalNorm = parts.norm(names.finalNorm(), hidden);
    Linear head = head(config, weights, names.head(), embedding);
    return new CausalLm(
        model,
        config,
        options,
        embedding,
        blocks,
        finalNorm,
        head,
        recipe.logits(),
        recipe.layerInputs().map(inputs -> inputs.build(parts)),
        recipe.states(options.compute().dtype()));
  }

  /** A tied head has no matrix of its own, but it may have a bias. */
  private static Linear head(
      ModelConfig config, WeightStore weights, String name, Embedding embedding) {
    boolean bias = weights.has(name + ".bias");
    if (!Families.tied(config).orElse(!weights.has(name + ".weight"))) {
      return weights.linear(name, config.hiddenSize(), config.vocabSize(), bias);
    }
    return embedding.tiedHead(
        bias ? Optional.of(weights.bias(name, config.vocabSize())) : Optional.empty());
  }
}
