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
      description = "A score file of hbar score, or a published JSON with scores_by_sample.")
  private Path scores = Path.of("");

  @Mixin private Resampling bootstrap = new Resampling();

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

  /** How intervals are computed. */
  static final class Resampling {
    /** With fewer there is no 95 % interval. */
    private static final int LEAST = 20;

    /**
     * Ends of an interval do not change any more long before; each resample of each signal is kept.
     */
    private static final int MOST = 100_000;

    @Option(
        names = "--resamples",
        defaultValue = "1000",
        paramLabel = "N",
        description = "Resamples of the bootstrap (default: ${DEFAULT-VALUE}).")
    private int resamples;

    @Option(
        names = "--seed",
        defaultValue = "42",
        paramLabel = "S",
        description = "Seed of the bootstrap (default: ${DEFAULT-VALUE}).")
    private long seed;

    /** The first value that makes no sense, if any. */
    Optional<String> problem() {
      return resamples < LEAST || resamples > MOST
          ? Optional.of("--resamples must be from " + LEAST + " to " + MOST)
          : Optional.empty();
    }

    Bootstrap.Settings settings() {
      return new Bootstrap.Settings(resamples, seed, Bootstrap.Settings.DEFAULT.level());
    }
  }
}
