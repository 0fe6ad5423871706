package dev.hbar.model.family;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * What sets a decoder apart from the plain one: GQA, SwiGLU, RMS norm before each half, RoPE on
 * whole heads, no biases, every layer sees everything. Start from {@link #plain}, add what differs.
 *
 * @param queryKeyValueBias q_proj, k_proj and v_proj have biases
 * @param outputBias o_proj has a bias
 * @param mlpBias gate_proj, up_proj and down_proj have biases
 * @param headNorms q_norm and k_norm normalise every head before it turns
 * @param fused qkv_proj and gate_up_proj hold the rows of what others store apart
 * @param windows one entry per layer: the last keys that a query sees, itself included; empty where
 *     it sees all
 */
record DecoderRecipe(
    boolean queryKeyValueBias,
    boolean outputBias,
    boolean mlpBias,
    boolean headNorms,
    boolean fused,
    List<OptionalInt> windows) {

  DecoderRecipe {
    windows = List.copyOf(windows);
  }

  static DecoderRecipe plain(int layers) {
    return new DecoderRecipe(
        false, false, false, false, false, Collections.nCopies(layers, OptionalInt.empty()));
  }

  DecoderRecipe withBiases(boolean queryKeyValue, boolean output, boolean mlp) {
    return new DecoderRecipe(queryKeyValue, output, mlp, headNorms, fused, windows);
  }

  DecoderRecipe withHeadNorms() {
    return new DecoderRecipe(queryKeyValueBias, outputBias, mlpBias, true, fused, windows);
  }

  DecoderRecipe withFusedProjections() {
    return new DecoderRecipe(queryKeyValueBias, outputBias, mlpBias, headNorms, true, windows);
  }

  DecoderRecipe withWindows(List<OptionalInt> perLayer) {
    return new DecoderRecipe(queryKeyValueBias, outputBias, mlpBias, headNorms, fused, perLayer);
  }

  DecoderRecipe withoutWindows() {
    return withWindows(plain(windows.size()).windows());
  }
}
