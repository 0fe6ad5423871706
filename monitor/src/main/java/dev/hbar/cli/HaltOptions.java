package dev.hbar.cli;

import dev.hbar.halt.HaltPolicy;
import dev.hbar.halt.WatchedSignal;
import dev.hbar.signal.FailureProbability;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How risk is computed and what is done about it. */
final class HaltOptions {
  private static final String TAU = "2.0";
  private static final String LAMBDA = "5.0";

  @Option(
      names = "--halt-on",
      converter = WatchedSignalConverter.class,
      paramLabel = "hbar|pri",
      description = {
        "Stop before a token whose risk on this signal is above the cutoff.",
        "Off unless given: risk is shown only. pri needs a --tau."
      })
  private Optional<WatchedSignal> haltOn = Optional.empty();

  @Option(
      names = "--cutoff",
      defaultValue = "" + HaltPolicy.CUTOFF,
      paramLabel = "P",
      description = "Risk above which a token is risky, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double cutoff;

  @Option(
      names = "--tau",
      paramLabel = "X",
      description = "Value of the signal with risk one half (default for hbar: " + TAU + ").")
  private Optional<Double> tau = Optional.empty();

  @Option(
      names = "--lambda",
      defaultValue = LAMBDA,
      paramLabel = "L",
      description = {
        "Steepness: risk = 1 / (1 + exp(-L * (signal - tau))) (default: ${DEFAULT-VALUE}).",
        "Negative: low values are risky."
      })
  private double lambda;

  @Option(
      names = "--every",
      defaultValue = "1",
      paramLabel = "K",
      description = "Check every K-th token only (default: ${DEFAULT-VALUE}).")
  private int every;

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (haltOn.filter(signal -> signal == WatchedSignal.PRI).isPresent() && tau.isEmpty()) {
      return Optional.of("--halt-on pri needs a --tau, in nats: no value suits every model");
    }
    return lambda == 0 ? Optional.of("--lambda must not be 0") : Optional.empty();
  }

  /**
   * The policy.
   *
   * @throws IllegalArgumentException naming the option without its dashes
   */
  HaltPolicy policy() {
    FailureProbability risk =
        new FailureProbability(lambda, tau.orElseGet(() -> Double.parseDouble(TAU)));
    WatchedSignal watched = haltOn.orElse(WatchedSignal.HBAR);
    return new HaltPolicy(watched, risk, cutoff, every, haltOn.isPresent());
  }
}
