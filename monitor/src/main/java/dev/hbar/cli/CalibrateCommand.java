package dev.hbar.cli;

import dev.hbar.calibrate.Calibration;
import dev.hbar.calibrate.Parameters;
import dev.hbar.evaluate.ResultFile;
import dev.hbar.report.CalibrationText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hbar calibrate}: thresholds and the joint model from the scores of a training set. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = "Find thresholds and the joint model on the scores of a training set.",
    footer = {
      "",
      "Example:",
      "  hbar calibrate --scores train.jsonl --out params.json",
    })
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private EvidenceOptions evidence = new EvidenceOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PARAMS.json",
      description = "Where the parameters are written, whole or not at all.")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print the parameters instead of tables.")
  private boolean json;

  @Override
  public Integer call() {
    evidence
        .problem()
        .ifPresent(
            problem -> {
              throw new ParameterException(spec.commandLine(), problem);
            });
    Parameters parameters = Calibration.of(evidence.read(), evidence.settings());
    ResultFile.write(out, parameters);
    PrintWriter target = spec.commandLine().getOut();
    target.print(json ? ResultFile.json(parameters) : CalibrationText.of(parameters));
    target.flush();
    spec.commandLine().getErr().println("parameters: " + out);
    return ExitCodes.OK;
  }
}
