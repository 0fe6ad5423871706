package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/**
 * A checkpoint cannot be used. The message is one complete line: what is wrong, in which file and
 * field, and what to do.
 */
public final class CheckpointException extends HbarException {
  private static final long serialVersionUID = 1L;

  private final boolean badArgument;

  /** An error with a complete message; control characters in it are escaped. */
  public CheckpointException(String message) {
    super(ErrorText.oneLine(message));
    this.badArgument = false;
  }

  /** An error with a complete message and the exception that was met. */
  public CheckpointException(String message, Throwable cause) {
    super(ErrorText.oneLine(message), cause);
    this.badArgument = false;
  }

  private CheckpointException(String message, boolean badArgument) {
    super(ErrorText.oneLine(message));
    this.badArgument = badArgument;
  }

  /** What the caller named is no checkpoint at all: wrong usage rather than a damaged folder. */
  static CheckpointException badArgument(String message) {
    return new CheckpointException(message, true);
  }

  /** {@code what, in file: wayOut}. */
  public static CheckpointException inFile(Path file, String what, String wayOut) {
    return new CheckpointException(what + ", in " + file + ": " + wayOut);
  }

  /** {@code what, in file (field): wayOut}. */
  public static CheckpointException inField(Path file, String field, String what, String wayOut) {
    return new CheckpointException(what + ", in " + file + " (" + field + "): " + wayOut);
  }

  /** True when the argument names no checkpoint: the command line answers with its usage code. */
  public boolean isBadArgument() {
    return badArgument;
  }
}
