package dev.hbar.cli;

import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.calibrate.Update;
import dev.hbar.study.report.CalibrationText;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar calibrate}: thresholds and the joint model from the scores of a training set. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = "Find thresholds and the joint model on the scores of a training set.",
    footer = {
      "",
      "Example:",
      "  hbar calibrate --scores train.jsonl --out params.json",
      "  hbar calibrate --update params.json --scores week12.jsonl \\",
      "    --out params-week12.json"
    })
final class CalibrateCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PARAMS.json",
      description = "Where the parameters are written, whole or not at all.")
  private Path out = Path.of("");

  @Option(
      names = "--update",
      paramLabel = "PARAMS.json",
      description =
          "Older parameters: show how far --scores (labelled samples of a deployment) drifted from "
              + "their samples and whether their thresholds still hold, then fit on both.")
  private Optional<Path> update = Optional.empty();

  @Option(names = "--new-only", description = "With --update: fit on the new samples only.")
  private boolean newOnly;

  @Option(
      names = "--any-checkpoint",
      description = "With --update: take scores of another checkpoint.")
  private boolean anyCheckpoint;

  @Option(
      names = "--polarity",
      paramLabel = "RULE",
      description =
          "study (the default: low hbar_s and high PRI are risky) or fitted (for every signal the "
              + "side that ranks these samples better). --update keeps the rule of the older "
              + "parameters.")
  private Optional<Calibration.PolarityRule> polarity = Optional.empty();

  @Mixin private final Output output;

  CalibrateCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(problem());
    Parameters parameters = Working.on(environment, "calibrate", this::parameters);
    parameters.write(out);
    output.print(() -> ResultFile.text(parameters), () -> CalibrationText.of(parameters));
    environment.err().println("parameters: " + out);
    return ExitCodes.OK;
  }

  private Parameters parameters() {
    return update
        .map(this::updated)
        .orElseGet(
            () ->
                Calibration.of(
                    evidence.read(),
                    polarity.orElse(Calibration.PolarityRule.STUDY),
                    evidence.settings()));
  }

  private Optional<String> problem() {
    if (update.isEmpty() && (newOnly || anyCheckpoint)) {
      return Optional.of("--new-only and --any-checkpoint go with --update");
    }
    return update.isPresent() && polarity.isPresent()
        ? Optional.of("--polarity does not go with --update, which keeps the older rule")
        : evidence.problem();
  }

  private Parameters updated(Path file) {
    Parameters older = Parameters.read(file);
    ScoreColumns scores = evidence.read();
    if (!anyCheckpoint) {
      ScoreChecks.requireSameCheckpoint(scores, older);
    }
    return Update.apply(file.toString(), older, scores, !newOnly, evidence.settings());
  }
}
