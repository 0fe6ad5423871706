package dev.hbar.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hbar detect}: fit, test and list detectors. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = "Fit detectors on the states of given answers and test what they are worth.",
    subcommands = {DetectFitCommand.class, DetectTestCommand.class, DetectListCommand.class},
    footer = {
      "",
      "Example:",
      "  hbar detect fit --states dialogue-states --out dialogue-detector",
      "  hbar detect test --detector dialogue-detector --states other-states --matched",
      "  hbar detect list calibrated_params"
    })
final class DetectCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "give one of fit, test, list");
  }
}
