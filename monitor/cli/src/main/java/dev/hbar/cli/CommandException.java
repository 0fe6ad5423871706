package dev.hbar.cli;

import dev.hbar.mlx.HbarException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A command cannot do its work; the message is one complete line for the user. */
final class CommandException extends HbarException {
  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Refuses a file that could not be written in the end, before the work that takes minutes. */
  static void requirePlace(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new CommandException(
          file + " cannot be written, " + folder + " is no folder to write into; choose another");
    }
    if (Files.isDirectory(file)) {
      throw new CommandException(file + " is a folder; give the name of a file");
    }
  }
}
