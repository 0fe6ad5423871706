package dev.hbar.cli;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Refuses to write over what a command reads. */
  static void refuseToReplace(Path out, Path... inputs) {
    for (Path input : inputs) {
      try {
        if (Files.exists(out) && Files.exists(input) && Files.isSameFile(out, input)) {
          throw new WrongUsage(
              "--out " + out + " would replace a file that is read; choose another");
        }
      } catch (IOException e) {
        throw new WrongUsage("--out " + out + ": " + ErrorText.reason(e), e);
      }
    }
  }
}
