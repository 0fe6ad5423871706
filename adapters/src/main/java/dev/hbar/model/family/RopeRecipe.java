package dev.hbar.model.family;

import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.RopeConfig;
import java.util.Optional;

/**
 * How queries and keys of one kind of layers turn.
 *
 * @param kind empty where layers know no positions
 * @param dims of a head that turn
 * @param interleaved neighbours turn against each other, not halves
 */
record RopeRecipe(Optional<RopeConfig> kind, int dims, int headDim, boolean interleaved) {
  /** As config.json says, halves against each other. */
  static RopeRecipe of(ModelConfig config) {
    return new RopeRecipe(Optional.of(config.rope()), config.rotaryDim(), config.headDim(), false);
  }

  RopeRecipe withInterleaving() {
    return new RopeRecipe(kind, dims, headDim, true);
  }

  RopeRecipe withKind(RopeConfig other) {
    return new RopeRecipe(Optional.of(other), dims, headDim, interleaved);
  }

  /** No positions. */
  RopeRecipe none() {
    return new RopeRecipe(Optional.empty(), dims, headDim, interleaved);
  }
}
