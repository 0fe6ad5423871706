package dev.hbar.cli;

import java.io.PrintStream;

/** Progress of a long piece of work on stderr, with its rate and the time left. */
sealed interface Progress extends AutoCloseable permits ProgressBarLine, ProgressLines {
  /**
   * Shows how far the work is.
   *
   * @param done units done now, those of an earlier run included
   * @param note a few words behind the numbers, may be empty
   */
  void update(long done, String note);

  @Override
  void close();

  /**
   * A moving bar on a terminal, an occasional line elsewhere.
   *
   * @param task one word, for instance "score"
   * @param unit plural, for instance "samples"
   * @param done units done before this run; they do not count for the rate
   * @param total all units
   */
  static Progress open(
      Terminal terminal, PrintStream err, String task, String unit, long done, long total) {
    return terminal.err()
        ? new ProgressBarLine(err, task, unit, done, total)
        : new ProgressLines(err, task, unit, done, total, System::nanoTime);
  }
}
