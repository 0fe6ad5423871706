package dev.hbar.cli;

import java.util.Locale;

/** What {@code --halt-on} can name. */
enum RiskKind {
  HBAR,
  PRI,
  JOINT,
  DETECTOR;

  /** The name on the command line. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
