package dev.hbar.model.family;

import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.tokenizer.Tokenizer;
import java.nio.file.Path;

/** Whose definition a model computes by, where two implementations differ. */
public enum RopeReference {
  /** The model's own definition. */
  TRANSFORMERS("transformers"),
  /**
   * mlx-lm's: longrope takes the long factors at every length, with the attention factor of
   * max_position_embeddings over original_max_position_embeddings, the families whose windows it
   * leaves out have none, and what {@link MlxReference} changes of a config.
   */
  MLX_LM("mlx-lm");

  private final String label;

  RopeReference(String label) {
    this.label = label;
  }

  /**
   * The tokenizer of a checkpoint: by its own file, or as transformers' AutoTokenizer rebuilds it,
   * which mlx-lm uses. Whoever asks for it closes it.
   *
   * @param checkpoint the folder
   * @param config of the folder
   * @throws dev.hbar.model.checkpoint.CheckpointException if it is missing or broken
   */
  public Tokenizer tokenizer(Path checkpoint, ModelConfig config) {
    return switch (this) {
      case TRANSFORMERS -> Tokenizer.open(checkpoint);
      case MLX_LM -> MlxReference.tokenizer(checkpoint, config);
    };
  }

  /** The name as users write it. */
  @Override
  public String toString() {
    return label;
  }
}
