package dev.hbar.study.report.page;

import java.nio.file.Path;

/** Paths in commands that a reader pastes into a shell. */
final class Shell {
  private Shell() {}

  /** One word of a POSIX shell, in quotes where it needs them. */
  static String word(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9._/+@%=:,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
