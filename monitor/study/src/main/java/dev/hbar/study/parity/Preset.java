package dev.hbar.study.parity;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.family.CausalLm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The known answer of another engine to one prompt.
 *
 * @param repositories checkpoints that it applies to, preferred one first
 * @param prompt token ids
 * @param token the most likely next token
 * @param logit its logit
 * @param tolerance of the logit, for weights that are not quantized
 */
public record Preset(
    String name,
    List<String> repositories,
    List<Integer> prompt,
    int token,
    double logit,
    double tolerance) {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Copies the lists. */
  public Preset {
    repositories = List.copyOf(repositories);
    prompt = List.copyOf(prompt);
  }

  /** The presets that come with the program, from presets.json. */
  public static List<Preset> all() {
    try (InputStream in = Preset.class.getResourceAsStream("presets.json")) {
      return List.of(JSON.readValue(in, Preset[].class));
    } catch (IOException e) {
      throw new UncheckedIOException("presets.json in the program's own jar is broken", e);
    }
  }

  /** The preset of that name. */
  public static Optional<Preset> named(List<Preset> presets, String name) {
    return presets.stream().filter(preset -> preset.name().equals(name)).findFirst();
  }

  /**
   * Computes the model's answer. Owner thread.
   *
   * @param checkpoint its name
   * @param compute device and compute policy
   */
  public Result run(CausalLm model, String checkpoint, String compute) {
    int[] ids = prompt.stream().mapToInt(Integer::intValue).toArray();
    CaptureRequest request = new CaptureRequest(Set.of(new CapturePoint.Logits()));
    float[] logits = new PromptPass(model).states(ids, request).getFirst().values();
    return new Result(
        this,
        checkpoint,
        compute,
        TokenAgreement.mostLikely(logits),
        logits[token],
        model.config().quantization().isPresent());
  }

  /**
   * A model's answer to the prompt of a preset.
   *
   * @param compute device and compute policy
   * @param token the most likely next token
   * @param logit of the preset's token
   * @param quantized whether the weights are quantized, which changes the logits
   */
  public record Result(
      Preset preset,
      String checkpoint,
      String compute,
      int token,
      double logit,
      boolean quantized) {

    /** Whether the logit must agree too; of a quantized checkpoint only the token must. */
    public boolean isLogitChecked() {
      return !quantized;
    }

    /** Whether the token is the preset's, and the logit is near enough where it is checked. */
    public boolean holds() {
      boolean near = Math.abs(logit - preset.logit()) <= preset.tolerance();
      return token == preset.token() && (near || !isLogitChecked());
    }
  }
}
