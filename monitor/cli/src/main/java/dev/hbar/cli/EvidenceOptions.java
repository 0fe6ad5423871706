package dev.hbar.cli;

import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores and how much is computed from them. */
final class EvidenceOptions {
  @Option(
      names = "--scores",
      required = true,
      paramLabel = "FILE",
      description = {"A score file of hbar score, or a published JSON with scores_by_sample."})
  private Path scores = Path.of("");

  @Mixin private BootstrapOptions bootstrap = new BootstrapOptions();

  @Option(names = "--partial", description = "Take a score file whose run is not finished.")
  private boolean partial;

  @Option(
      names = "--max-failures",
      defaultValue = "0.02",
      paramLabel = "SHARE",
      description = "Refuse if a larger share of the samples failed (default: ${DEFAULT-VALUE}).")
  private double mostFailures;

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    return bootstrap
        .problem()
        .or(
            () ->
                mostFailures >= 0 && mostFailures <= 1
                    ? Optional.empty()
                    : Optional.of("--max-failures must be a share from 0 to 1"));
  }

  Bootstrap.Settings settings() {
    return bootstrap.settings();
  }

  /** The scores, complete and with few failures. */
  ScoreColumns read() {
    ScoreColumns columns = ScoreInput.read(scores);
    if (!partial) {
      ScoreChecks.requireComplete(columns);
    }
    ScoreChecks.requireFewFailures(columns, mostFailures);
    return columns;
  }
}
