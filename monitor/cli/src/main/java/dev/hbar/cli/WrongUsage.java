package dev.hbar.cli;

import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Options that make no sense together. */
final class WrongUsage {
  private WrongUsage() {}

  /**
   * Refuses a command that has a problem.
   *
   * @throws ParameterException with the problem as its message
   */
  static void refuse(CommandSpec spec, Optional<String> problem) {
    if (problem.isPresent()) {
      throw new ParameterException(spec.commandLine(), problem.get());
    }
  }
}
