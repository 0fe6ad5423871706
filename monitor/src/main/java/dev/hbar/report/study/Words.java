package dev.hbar.report.study;

import dev.hbar.evaluate.Evidence;
import java.util.Map;

/** Names of signals as a reader knows them. */
final class Words {
  private static final Map<String, String> SIGNALS =
      Map.of("hbar", "hbar_s", "pri", "PRI", Evidence.JOINT, "joint");

  private Words() {}

  static String signal(String name) {
    return SIGNALS.getOrDefault(name, name);
  }
}
