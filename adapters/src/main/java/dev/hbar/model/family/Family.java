package dev.hbar.model.family;

import dev.hbar.model.checkpoint.ModelConfig;

/** One model family: which recipe a config of it asks for. */
interface Family {
  /**
   * The differences that this config makes.
   *
   * @throws dev.hbar.model.checkpoint.CheckpointException if a field asks for what the family does
   *     not have
   */
  DecoderRecipe recipe(ModelConfig config);
}
