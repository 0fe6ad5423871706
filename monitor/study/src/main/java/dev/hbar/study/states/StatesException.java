package dev.hbar.study.states;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** A states folder that cannot be written, read or resumed; one line: path, problem, remedy. */
public final class StatesException extends HbarException {
  private static final long serialVersionUID = 1L;

  StatesException(Path path, String problem) {
    super(path + ": " + problem);
  }
}
