package dev.hbar.cli;

import dev.hbar.study.statistics.EvidenceSettings;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How intervals are computed. */
final class BootstrapOptions {
  /** With fewer there is no 95 % interval. */
  private static final int LEAST = 20;

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
    return resamples < LEAST
        ? Optional.of("--resamples must be at least " + LEAST)
        : Optional.empty();
  }

  EvidenceSettings settings() {
    return new EvidenceSettings(resamples, seed, EvidenceSettings.DEFAULT.level());
  }
}
