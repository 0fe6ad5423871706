package dev.hbar.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has, before or after its name. */
final class CommonOptions {
  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log to stderr; show the stack trace of an error.")
  private boolean verbose;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Append a detailed log to this file.")
  private Optional<Path> logFile = Optional.empty();

  boolean verbose() {
    return verbose;
  }

  Optional<Path> logFile() {
    return logFile;
  }
}
