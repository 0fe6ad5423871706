package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.model.layer.LogitMap;
import dev.hbar.model.layer.StateKind;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A decoder in parts: one recipe for each block, and what is around them. A family composes it from
 * a config; {@link DecoderBuilder} builds it from weights.
 *
 * @param names of the parts around the blocks
 * @param norm the kind of all norms
 * @param blocks one per layer
 * @param embeddingScale the factor on embedded tokens
 * @param logits what becomes of the head's answers
 * @param layerInputs what layers are told of each token, in families that tell
 */
record DecoderRecipe(
    Names names,
    NormKind norm,
    List<BlockRecipe> blocks,
    double embeddingScale,
    LogitMap logits,
    Optional<LayerInputsRecipe> layerInputs) {
  DecoderRecipe {
    blocks = List.copyOf(blocks);
  }

  /**
   * Where the parts around the blocks lie in the checkpoint.
   *
   * @param layers what a layer's number is put behind
   */
  record Names(String embedding, String layers, String finalNorm, String head) {
    static final Names USUAL =
        new Names("model.embed_tokens", "model.layers", "model.norm", "lm_head");
  }

  /** With the usual names. */
  static DecoderRecipe of(int layers, IntFunction<BlockRecipe> block) {
    return new DecoderRecipe(
        Names.USUAL,
        NormKind.RMS,
        IntStream.range(0, layers).mapToObj(block).toList(),
        1,
        LogitMap.NONE,
        Optional.empty());
  }

  DecoderRecipe with(NormKind other) {
    return new DecoderRecipe(names, other, blocks, embeddingScale, logits, layerInputs);
  }

  DecoderRecipe with(Names others) {
    return new DecoderRecipe(others, norm, blocks, embeddingScale, logits, layerInputs);
  }

  DecoderRecipe with(LayerInputsRecipe told) {
    return new DecoderRecipe(names, norm, blocks, embeddingScale, logits, Optional.of(told));
  }

  DecoderRecipe with(LogitMap map) {
    return new DecoderRecipe(names, norm, blocks, embeddingScale, map, layerInputs);
  }

  DecoderRecipe withEmbeddingScale(double factor) {
    return new DecoderRecipe(names, norm, blocks, factor, logits, layerInputs);
  }

  /** What each layer keeps of the past. */
  List<StateKind> states(DType dtype) {
    return blocks.stream().map(block -> block.state(dtype)).toList();
  }

  DecoderRecipe withoutWindows() {
    List<BlockRecipe> open = blocks.stream().map(DecoderRecipe::withoutWindow).toList();
    return new DecoderRecipe(names, norm, open, embeddingScale, logits, layerInputs);
  }

  private static BlockRecipe withoutWindow(BlockRecipe block) {
    return block.tokens().map(mixer -> block.with(mixer.withoutWindow())).orElse(block);
  }
}
