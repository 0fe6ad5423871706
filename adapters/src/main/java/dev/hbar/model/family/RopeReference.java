package dev.hbar.model.family;

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

  /** The name as users write it. */
  @Override
  public String toString() {
    return label;
  }
}
