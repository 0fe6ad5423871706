package dev.hbar.cli;

import dev.hbar.study.statistics.Bootstrap;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How intervals are computed. */
final class BootstrapOptions {
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
