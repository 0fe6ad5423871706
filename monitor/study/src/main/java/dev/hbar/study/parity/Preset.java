package dev.hbar.study.parity;

import java.util.List;
import java.util.Optional;

/**
 * A known answer of another engine for one prompt.
 *
 * @param repositories checkpoints that it holds for, best first
 * @param prompt token ids
 * @param token the most likely next token
 * @param logit its logit there
 * @param tolerance on the logit, for weights that are not quantized
 */
public record Preset(
    String name,
    List<String> repositories,
    List<Integer> prompt,
    int token,
    double logit,
    double tolerance) {
  /** Copies the lists. */
  public Preset {
    repositories = List.copyOf(repositories);
    prompt = List.copyOf(prompt);
  }

  /** The preset of that name. */
  public static Optional<Preset> named(List<Preset> presets, String name) {
    return presets.stream().filter(preset -> preset.name().equals(name)).findFirst();
  }
}
