package dev.hbar.cli;

import dev.hbar.model.family.RopeReference;
import picocli.CommandLine.Option;

/** Whose definition a model computes by, where two implementations differ. */
final class RopeOptions {
  @Option(
      names = {"--reference", "--rope-reference"},
      defaultValue = "transformers",
      paramLabel = "IMPLEMENTATION",
      description = {
        "Whose definition, where two differ: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "mlx-lm takes longrope's long factors at every length, and leaves some families' windows out,",
        "and so did the study."
      })
  RopeReference reference = RopeReference.TRANSFORMERS;
}
