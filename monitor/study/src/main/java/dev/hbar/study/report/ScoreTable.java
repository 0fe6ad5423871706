package dev.hbar.study.report;

import dev.hbar.study.evidence.ScoreSummary;
import dev.hbar.study.evidence.SignalSummary;
import dev.hbar.study.statistics.Auroc;
import dev.hbar.study.statistics.Moments;
import java.util.Locale;
import java.util.Map;

/** A score file's summary as a table for people. */
public final class ScoreTable {
  private static final int MOST_FAILURES = 3;

  private ScoreTable() {}

  /** The table, ending in a line end. */
  public static String text(ScoreSummary summary) {
    return heading(summary) + "\n" + signals(summary) + failures(summary);
  }

  private static String heading(ScoreSummary summary) {
    Moments right = summary.signals().getFirst().right();
    Moments hallucinated = summary.signals().getFirst().hallucinated();
    return "%s, %s: %d samples (%d right, %d hallucinated, %d failed)%n"
        .formatted(
            summary.header().checkpoint(),
            summary.header().selection().words(),
            summary.samples(),
            right.count(),
            hallucinated.count(),
            summary.failed());
  }

  private static String signals(ScoreSummary summary) {
    TextTable table = new TextTable();
    table.add("signal", "risky if", "right: mean (sd)", "hallucinated", "AUROC [95 %]", "in words");
    for (SignalSummary signal : summary.signals()) {
      table.add(
          signal.signal().jsonName(),
          signal.signal().polarity().id(),
          moments(signal.right()),
          moments(signal.hallucinated()),
          signal.auroc().map(ScoreTable::auroc).orElse("-"),
          signal.verdict().words());
    }
    return table.render();
  }

  private static String failures(ScoreSummary summary) {
    StringBuilder text = new StringBuilder();
    summary.failures().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(MOST_FAILURES)
        .forEach(
            failure ->
                text.append("failed: %d x %s%n".formatted(failure.getValue(), failure.getKey())));
    return text.isEmpty() ? "" : "\n" + text;
  }

  private static String moments(Moments moments) {
    return moments.count() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.4g (%.3g)", moments.mean(), moments.sd());
  }

  /** For example {@code 0.603 [0.553, 0.653]}. */
  public static String auroc(Auroc auroc) {
    String value = String.format(Locale.ROOT, "%.3f", auroc.value());
    return auroc
        .interval()
        .map(i -> String.format(Locale.ROOT, "%s [%.3f, %.3f]", value, i.low(), i.high()))
        .orElse(value + " [no interval]");
  }
}
