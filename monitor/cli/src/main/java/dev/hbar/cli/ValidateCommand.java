package dev.hbar.cli;

import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.report.CalibrationText;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar validate}: what parameters are worth on the scores of a test set. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Judge calibrated parameters on the scores of a test set.",
    footer = {
      "",
      "Example:",
      "  hbar validate --scores test.jsonl --params params.json --out result.json",
    })
final class ValidateCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Option(
      names = "--params",
      required = true,
      paramLabel = "PARAMS.json",
      description = "Parameters of hbar calibrate, or a published calibration.")
  private Path params = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "RESULT.json",
      description = "Where the result is written, whole or not at all.")
  private Path out = Path.of("");

  @Option(
      names = "--any-checkpoint",
      description = "Take parameters that were calibrated on another checkpoint.")
  private boolean anyCheckpoint;

  @Option(
      names = "--promise",
      paramLabel = "SHARE",
      description =
          "Also print the threshold below which at most this share of the answers is wrong, with "
              + "the confidence of --confidence (Learn then Test on one answer of each record).")
  private Optional<Double> promise = Optional.empty();

  @Option(
      names = "--confidence",
      defaultValue = "0.9",
      paramLabel = "P",
      description = "Confidence of --promise (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Mixin private final Output output;

  ValidateCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(evidence.problem().or(this::problem));
    Parameters parameters = Parameters.read(params);
    ScoreColumns scores = evidence.read();
    if (!anyCheckpoint) {
      ScoreChecks.requireSameCheckpoint(scores, parameters);
    }
    Validation result =
        Working.on(
            environment,
            "validate",
            () -> Validation.of(scores, parameters, params.toString(), evidence.settings()));
    ResultFile.write(out, result);
    output.print(() -> ResultFile.text(result), () -> CalibrationText.of(result));
    promise.ifPresent(share -> printPromise(scores, parameters, share));
    environment.err().println("result: " + out);
    return ExitCodes.OK;
  }

  private Optional<String> problem() {
    boolean share = promise.filter(p -> !(p > 0 && p < 1)).isPresent();
    return share || !(confidence > 0 && confidence < 1)
        ? Optional.of("--promise and --confidence must lie between 0 and 1")
        : Optional.empty();
  }

  private void printPromise(ScoreColumns scores, Parameters parameters, double share) {
    PrintWriter beside = output.beside();
    beside.print(
        "\n"
            + CalibrationText.promise(
                scores.withJoint(parameters.jointModelWeights()),
                parameters::polarityOf,
                share,
                confidence));
    beside.flush();
  }
}
