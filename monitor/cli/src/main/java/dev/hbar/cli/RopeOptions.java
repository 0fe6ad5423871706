package dev.hbar.cli;

import dev.hbar.model.family.RopeReference;
import picocli.CommandLine.Option;

/** Whose rope a model computes with. */
final class RopeOptions {
  @Option(
      names = "--rope-reference",
      defaultValue = "transformers",
      paramLabel = "IMPLEMENTATION",
      description = {
        "Whose longrope and sliding windows: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "mlx-lm takes the long factors at every length and no windows, and so did the study."
      })
  RopeReference reference = RopeReference.TRANSFORMERS;
}
