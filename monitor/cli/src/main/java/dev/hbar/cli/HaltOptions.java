package dev.hbar.cli;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.detect.DetectorFolder;
import dev.hbar.study.detect.DetectorReport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How risk is computed and what is done about it. */
final class HaltOptions {
  private static final String TAU = "2.0";
  private static final String LAMBDA = "5.0";

  @Option(
      names = "--params",
      paramLabel = "PARAMS.json",
      description =
          "Parameters of hbar calibrate: thresholds, direction of each signal, joint model. Risk is "
              + "then the joint probability, unless --halt-on names a signal.")
  private Optional<Path> params = Optional.empty();

  @Option(
      names = "--detector",
      paramLabel = "DIR",
      description =
          "A detector of hbar detect fit: risk is its probability of each token's own state, which "
              + "comes one token later.")
  private Optional<Path> detector = Optional.empty();

  @Option(
      names = "--params-any-checkpoint",
      description = "Take parameters that were calibrated on another checkpoint.")
  private boolean anyCheckpoint;

  @Option(
      names = "--halt-on",
      paramLabel = "hbar|pri|joint|detector",
      description =
          "Stop before a token whose risk on this is above the cutoff. Off unless given: risk is "
              + "shown only. joint needs --params; pri needs them or a --tau; detector needs "
              + "--detector.")
  private Optional<RiskKind> haltOn = Optional.empty();

  @Option(
      names = "--abstain-above",
      paramLabel = "P",
      description =
          "With --detector: print nothing if its probability over the whole answer is above P, 0 to "
              + "1; the text waits until it is complete. hbar detect test --promise finds a P.")
  private Optional<Double> abstainAbove = Optional.empty();

  @Option(
      names = "--cutoff",
      paramLabel = "P",
      description =
          "Risk above which a token is risky, 0 to 1 (default: "
              + RiskRule.CUTOFF
              + ", with --params the calibrated threshold).")
  private Optional<Double> cutoff = Optional.empty();

  @Option(
      names = "--tau",
      paramLabel = "X",
      description = "Value of the signal with risk one half (default for hbar: " + TAU + ").")
  private Optional<Double> tau = Optional.empty();

  @Option(
      names = "--lambda",
      paramLabel = "L",
      description =
          "Steepness: risk = 1 / (1 + exp(-L * (signal - tau))) (default: "
              + LAMBDA
              + "). Negative: low values are risky.")
  private Optional<Double> lambda = Optional.empty();

  @Option(
      names = "--every",
      defaultValue = "1",
      paramLabel = "K",
      description = "Check every K-th token only (default: ${DEFAULT-VALUE}).")
  private int every;

  private Optional<Parameters> parameters = Optional.empty();
  private Optional<Detector> readDetector = Optional.empty();

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    boolean onDetector = haltOn.filter(RiskKind.DETECTOR::equals).isPresent();
    if (onDetector && detector.isEmpty()) {
      return Optional.of("--halt-on detector needs --detector DIR");
    }
    if (detector.isPresent()
        && (params.isPresent()
            || tau.isPresent()
            || lambda.isPresent()
            || (haltOn.isPresent() && !onDetector))) {
      return Optional.of(
          "--detector decides the risk; leave out --params, --tau, --lambda and other --halt-on");
    }
    if (abstainAbove.isPresent() && detector.isEmpty()) {
      return Optional.of("--abstain-above needs --detector DIR");
    }
    if (abstainAbove.filter(p -> !(p >= 0 && p <= 1)).isPresent()) {
      return Optional.of("--abstain-above must be in [0, 1]");
    }
    return problemWithoutDetector();
  }

  /** The probability above which an answer is kept back. */
  Optional<Double> abstainAbove() {
    return abstainAbove;
  }

  private Optional<String> problemWithoutDetector() {
    if (params.isPresent()) {
      return tau.isPresent() || lambda.isPresent()
          ? Optional.of("--tau and --lambda are in the file of --params; give one or the other")
          : Optional.empty();
    }
    if (haltOn.filter(RiskKind.JOINT::equals).isPresent()) {
      return Optional.of("--halt-on joint needs --params: the weights are calibrated");
    }
    if (haltOn.filter(RiskKind.PRI::equals).isPresent() && tau.isEmpty()) {
      return Optional.of(
          "--halt-on pri needs --params, or a --tau in nats: no value suits every model");
    }
    return lambda.filter(l -> l == 0).map(l -> "--lambda must not be 0");
  }

  /**
   * Refuses parameters that were calibrated on another checkpoint, unless they are welcome, and a
   * detector that would halt the wrong way round.
   *
   * @return what to tell the user about parameters that do not say, or a detector that knows little
   * @throws Calibration.UnusableScores naming both checkpoints, or why halting would cut at random
   */
  Optional<String> check(GenerationModel model) {
    readDetector().ifPresent(read -> read.requireFits(model.sha256(), model.config().hiddenSize()));
    if (detector.isPresent()) {
      return reservation(detector.get());
    }
    if (params.isEmpty()) {
      return Optional.empty();
    }
    Parameters parameters = parameters();
    if (!anyCheckpoint && parameters.calibratedOn().isEmpty()) {
      return Optional.of(params.get() + " does not say which checkpoint it was calibrated on");
    }
    if (!anyCheckpoint) {
      ScoreChecks.requireCalibratedOn(params.get(), parameters, model.name(), model::sha256);
    }
    haltOn.ifPresent(kind -> requireFit(parameters, kind.id()));
    return Optional.empty();
  }

  private Optional<String> reservation(Path folder) {
    DetectorReport report = new DetectorFolder(folder).report();
    Optional<String> unfit = haltOn.flatMap(kind -> report.unfitToHalt());
    if (unfit.isPresent()) {
      throw new Detector.DetectorException(folder, unfit.get());
    }
    return report.reservation().map(words -> folder + ": " + words);
  }

  /** Refuses to cut at random, or nearly everywhere. */
  private void requireFit(Parameters parameters, String signal) {
    Optional<String> unfit = parameters.unfitToHalt(signal);
    if (unfit.isEmpty() && cutoff.isEmpty()) {
      unfit = parameters.thresholdTooLax(signal);
    }
    if (unfit.isPresent()) {
      throw new Calibration.UnusableScores(params.orElseThrow().toString(), unfit.get());
    }
  }

  /**
   * The policy.
   *
   * @throws IllegalArgumentException naming the option without its dashes
   */
  HaltPolicy policy() {
    RiskRule rule =
        readDetector()
            .<RiskRule>map(RiskRule.OnDetector::new)
            .orElseGet(() -> params.isPresent() ? calibrated(parameters()) : uncalibrated());
    return new HaltPolicy(rule, cutoff.orElse(rule.cutoff()), every, haltOn.isPresent());
  }

  /** The file of --params, read once. */
  private Parameters parameters() {
    if (parameters.isEmpty()) {
      parameters = Optional.of(Parameters.read(params.orElseThrow()));
    }
    return parameters.get();
  }

  /** The detector of --detector, read once. */
  private Optional<Detector> readDetector() {
    if (readDetector.isEmpty()) {
      readDetector = detector.map(Detector::read);
    }
    return readDetector;
  }

  private RiskRule calibrated(Parameters read) {
    RiskKind kind = haltOn.orElse(RiskKind.JOINT);
    return kind == RiskKind.JOINT ? read.jointRisk() : read.risk(Signal.of(kind.id()));
  }

  private RiskRule uncalibrated() {
    return new RiskRule.OnSignal(
        Signal.of(haltOn.orElse(RiskKind.HBAR).id()),
        lambda.orElseGet(() -> Double.parseDouble(LAMBDA)),
        tau.orElseGet(() -> Double.parseDouble(TAU)),
        false);
  }

  /** What {@code --halt-on} can name. */
  enum RiskKind {
    HBAR,
    PRI,
    JOINT,
    DETECTOR;

    /** The name on the command line. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return id();
    }
  }
}
