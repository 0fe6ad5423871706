package dev.hbar.study.report.page;

import dev.hbar.study.scores.ScoreColumns;
import java.util.Map;

/** Names of signals as a reader knows them. */
final class Words {
  private static final Map<String, String> SIGNALS =
      Map.of("hbar", "hbar_s", "pri", "PRI", ScoreColumns.JOINT, "joint");

  private Words() {}

  static String signal(String name) {
    return SIGNALS.getOrDefault(name, name);
  }
}
