package dev.hbar.model.family;

import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.LayerInputs;

/**
 * How what layers are told of each token is built.
 *
 * @param path of the model that holds the weights
 * @param size of what one layer is told
 */
record LayerInputsRecipe(String path, int vocabulary, int hidden, int layers, int size) {
  LayerInputs build(Parts parts) {
    int all = layers * size;
    Embedding table = parts.weights().embedding(path + ".embed_tokens_per_layer", vocabulary, all);
    return new LayerInputs(
        new Embedding.Scaled(table, (float) Math.sqrt(size)),
        parts.linear(path + ".per_layer_model_projection", hidden, all, false),
        (float) (1 / Math.sqrt(hidden)),
        parts.norm(path + ".per_layer_projection_norm", size),
        layers,
        size);
  }
}
