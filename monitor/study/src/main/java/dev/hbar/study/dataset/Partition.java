package dev.hbar.study.dataset;

import java.util.Locale;

/** The two sides of a split: parameters are fitted on one and judged on the other. */
public enum Partition {
  /** For calibration. */
  TRAIN,
  /** For validation. */
  TEST;

  /** The name in options and headers. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
