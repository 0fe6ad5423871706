package dev.hbar.cli;

import dev.hbar.mlx.HbarException;

/** A command cannot do its work; the message is one complete line for the user. */
final class CommandException extends HbarException {
  private static final long serialVersionUID = 1L;

  CommandException(String message) {
    super(message);
  }

  CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
