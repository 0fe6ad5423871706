package dev.hbar.study.parity;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.family.CausalLm;
import java.util.List;
import java.util.Set;

/**
 * What a model gave where a preset knows the answer.
 *
 * @param compute device and policy in words
 * @param token the most likely next token
 * @param logit of the preset's token
 * @param quantized whether the weights are packed: other weights have other logits
 */
public record PresetResult(
    Preset preset, String checkpoint, String compute, int token, double logit, boolean quantized) {

  /** Runs a preset. Owner thread. */
  public static PresetResult of(CausalLm model, Preset preset, String checkpoint, String compute) {
    int[] prompt = preset.prompt().stream().mapToInt(Integer::intValue).toArray();
    CaptureRequest request = new CaptureRequest(Set.of(new CapturePoint.Logits()));
    List<PointState> states = new PromptPass(model).states(prompt, request);
    float[] logits = states.getFirst().values();
    return new PresetResult(
        preset,
        checkpoint,
        compute,
        TopTokens.first(logits),
        logits[preset.token()],
        model.config().quantization().isPresent());
  }

  /** A quantized checkpoint answers for its token only. */
  public boolean isLogitChecked() {
    return !quantized;
  }

  /** Whether the token is the preset's, and the logit too where it must be. */
  public boolean holds() {
    boolean near = Math.abs(logit - preset.logit()) <= preset.tolerance();
    return token == preset.token() && (near || !isLogitChecked());
  }
}
