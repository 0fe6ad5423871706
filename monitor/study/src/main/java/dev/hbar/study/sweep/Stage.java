package dev.hbar.study.sweep;

import java.nio.file.Path;
import java.util.Locale;

/** The two sets that every checkpoint scores. */
public enum Stage {
  /** On the training set: parameters are fitted on it. */
  CALIBRATION,
  /** On the test set: they are judged on it. */
  VALIDATION;

  /** The name in progress and costs. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its score file in a checkpoint's folder. */
  public Path scores(Path folder) {
    return folder.resolve(id() + ".jsonl");
  }
}
