package dev.hbar.model.family;

/** The norm of a family's blocks. */
enum NormKind {
  /** RMS norm times its weight. */
  RMS,
  /** RMS norm times 1 + its weight. */
  RMS_PLUS_ONE,
  /**
   * The same in the files of transformers; conversion for MLX has added the 1. Which of them it is
   * shows in the convolutions beside.
   */
  RMS_PLUS_ONE_UNLESS_CONVERTED,
  /** Layer norm with weight and bias. */
  LAYER,
  /** Layer norm times 1 + its weight, with bias. */
  LAYER_PLUS_ONE,
  /** Layer norm with a weight only. */
  LAYER_WITHOUT_BIAS
}
