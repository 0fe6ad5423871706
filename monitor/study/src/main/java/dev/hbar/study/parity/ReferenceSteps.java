package dev.hbar.study.parity;

import dev.hbar.model.family.CausalLm;
import java.util.Arrays;

/**
 * The states of a reference's steps, float32; an empty array stands for a tensor it does not have.
 *
 * @param allLogits [steps * vocabulary]
 * @param allBlocks [steps * layers * hidden]
 * @param allNorms [steps * hidden]
 */
record ReferenceSteps(
    float[] allLogits,
    float[] allBlocks,
    float[] allNorms,
    int vocabulary,
    int layers,
    int hidden) {

  /** Reads them. Owner thread. */
  static ReferenceSteps read(ReferenceFile file, CausalLm model) {
    int steps = file.tokens().length;
    int hidden = model.config().hiddenSize();
    int vocabulary = model.config().vocabSize();
    return new ReferenceSteps(
        tensor(file, "logits", steps, vocabulary),
        tensor(file, "blocks", steps, model.layers(), hidden),
        tensor(file, "final_norm", steps, hidden),
        vocabulary,
        model.layers(),
        hidden);
  }

  private static float[] tensor(ReferenceFile file, String name, int... shape) {
    if (!file.has(name)) {
      return new float[0];
    }
    file.requireShape(name, shape);
    return file.floats(name);
  }

  boolean hasLogits() {
    return allLogits.length > 0;
  }

  boolean hasBlocks() {
    return allBlocks.length > 0;
  }

  boolean hasNorm() {
    return allNorms.length > 0;
  }

  float[] logits(int step) {
    return Arrays.copyOfRange(allLogits, step * vocabulary, (step + 1) * vocabulary);
  }

  float[] block(int step, int layer) {
    int at = (step * layers + layer) * hidden;
    return Arrays.copyOfRange(allBlocks, at, at + hidden);
  }

  float[] norm(int step) {
    return Arrays.copyOfRange(allNorms, step * hidden, (step + 1) * hidden);
  }
}
