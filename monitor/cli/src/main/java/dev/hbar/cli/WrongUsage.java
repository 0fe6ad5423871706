package dev.hbar.cli;

import dev.hbar.mlx.HbarException;
import java.util.Optional;

/** Arguments that make no sense, alone or together; the command's help is pointed to. */
final class WrongUsage extends HbarException {
  private static final long serialVersionUID = 1L;

  WrongUsage(String message) {
    super(message);
  }

  WrongUsage(String message, Throwable cause) {
    super(message, cause);
  }

  /** Refuses a command that has a problem. */
  static void refuse(Optional<String> problem) {
    if (problem.isPresent()) {
      throw new WrongUsage(problem.get());
    }
  }
}
