package dev.hbar.study.sweep;

import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Validation;

/** What became of one checkpoint. */
public sealed interface SweepResult {
  /** Name of the checkpoint. */
  String name();

  /**
   * Everything is in its folder.
   *
   * @param parameters from the training set
   * @param validation of them on the test set
   * @param costs what it took
   */
  record Finished(String name, Parameters parameters, Validation validation, Costs costs)
      implements SweepResult {}

  /**
   * It could not be finished; what was scored is kept.
   *
   * @param reason one line
   */
  record Failed(String name, String reason) implements SweepResult {}

  /** The failed result of an exception. */
  static Failed failed(String name, RuntimeException cause) {
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new Failed(name, String.join(" ", text.lines().map(String::strip).toList()));
  }
}
