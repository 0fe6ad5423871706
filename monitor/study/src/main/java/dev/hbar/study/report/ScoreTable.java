package dev.hbar.study.report;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Judgement;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.RunHeader;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Moments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The evidence of one file in short, for people. */
public final class ScoreTable {
  private static final int MOST_FAILURES = 3;

  private ScoreTable() {}

  /**
   * The table, ending in a line end.
   *
   * @param evidence on the columns; empty if they lack a label
   */
  public static String text(ScoreColumns columns, Optional<Evidence> evidence) {
    return heading(columns)
        + "\n"
        + evidence.map(ScoreTable::signals).orElseGet(() -> moments(columns))
        + evidence.map(ScoreTable::tasks).orElse("")
        + failures(columns);
  }

  private static String heading(ScoreColumns columns) {
    String selection =
        columns.origin().run().map(RunHeader::selection).map(s -> ", " + s.words()).orElse("");
    return "%s%s: %s samples (%s right, %s hallucinated, %s failed)%n"
        .formatted(
            columns.origin().checkpoint(),
            selection,
            columns.size() + columns.failed(),
            columns.count(0),
            columns.count(1),
            columns.failed());
  }

  private static String signals(Evidence evidence) {
    boolean several = evidence.tasks().size() > 1;
    TextTable table = new TextTable();
    table.add(
        "signal",
        "risky if",
        "right: mean (sd)",
        "hallucinated",
        several ? "AUROC within tasks [95 %]" : "AUROC [95 %]",
        "of a pair",
        "in words");
    for (SignalEvidence signal : evidence.signals()) {
      table.add(
          signal.signal(),
          signal.risky().id(),
          moments(signal.right()),
          moments(signal.hallucinated()),
          estimate(signal.within()),
          EvidenceText.pairs(signal.pairs()),
          signal.words());
    }
    return table.render();
  }

  /** One column per task, where there are several. */
  private static String tasks(Evidence evidence) {
    List<Evidence.Task> tasks =
        evidence.tasks().stream().filter(task -> !task.signals().isEmpty()).toList();
    if (tasks.size() < 2) {
      return "";
    }
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("AUROC [95 %], of a pair"));
    tasks.forEach(task -> head.add("%s (n = %s)".formatted(task.task(), task.samples())));
    table.add(head.toArray(String[]::new));
    for (int s = 0; s < evidence.signals().size(); s++) {
      List<String> row = new ArrayList<>(List.of(evidence.signals().get(s).signal()));
      for (Evidence.Task task : tasks) {
        Evidence.Task.Signal signal = task.signals().get(s);
        row.add(estimate(signal.auroc()) + ", " + EvidenceText.pairs(signal.pairs()));
      }
      table.add(row.toArray(String[]::new));
    }
    return "\n" + table.render();
  }

  /** Without samples of both labels there is nothing to tell apart. */
  private static String moments(ScoreColumns columns) {
    TextTable table = new TextTable();
    table.add("signal", "right: mean (sd)", "hallucinated", "in words");
    for (String name : columns.names()) {
      table.add(
          name,
          moments(Moments.of(columns.column(name, 0))),
          moments(Moments.of(columns.column(name, 1))),
          Judgement.Verdict.UNDEFINED.words());
    }
    return table.render();
  }

  private static String failures(ScoreColumns columns) {
    StringBuilder text = new StringBuilder();
    columns.failures().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_FAILURES)
        .forEach(
            failure ->
                text.append("failed: %s x %s%n".formatted(failure.getValue(), failure.getKey())));
    return text.isEmpty() ? "" : "\n" + text;
  }

  private static String moments(Moments moments) {
    return moments.count() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.4g (%.3g)", moments.mean(), moments.sd());
  }

  /** For example {@code 0.603 [0.553, 0.653]}. */
  public static String estimate(Estimate estimate) {
    return EvidenceText.number("%.3f", estimate.value())
        + estimate
            .interval()
            .map(i -> " " + EvidenceText.interval(i, "%.3f"))
            .orElse(" [no interval]");
  }
}
