package dev.hbar.study.report;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.PairAccuracy;
import dev.hbar.study.statistics.Reliability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The evidence on every signal as tables for people. */
public final class EvidenceText {
  /** The table of all would fill pages; it is in the JSON. */
  private static final List<String> COMPARED = List.of("hbar", "pri", ScoreColumns.JOINT);

  private EvidenceText() {}

  /** Warnings, counts and the tables. */
  public static String of(Evidence evidence) {
    return warnings(evidence.warnings())
        + "%s samples of %s records: %s right, %s hallucinated, %s failed%n%n"
            .formatted(
                evidence.samples(),
                evidence.records(),
                evidence.samples() - evidence.hallucinated(),
                evidence.hallucinated(),
                evidence.failed())
        + signals(evidence)
        + "\n"
        + within(evidence)
        + "\n"
        + comparisons(evidence)
        + evidence.joint().map(EvidenceText::reliability).orElse("")
        + (evidence.warnings().isEmpty() ? "" : controls(evidence.controls()));
  }

  /** One line per warning. */
  static String warnings(List<String> warnings) {
    return String.join("", warnings.stream().map(text -> "warning: " + text + "\n").toList());
  }

  private static String signals(Evidence evidence) {
    TextTable table = new TextTable();
    table.add(
        "signal",
        "risky if",
        "right: mean (sd)",
        "hallucinated",
        "d",
        "AUROC, all tasks in one [95 %]",
        "PR-AUC [95 %]",
        "PRR");
    for (SignalEvidence signal : evidence.signals()) {
      table.add(
          signal.signal(),
          signal.risky().id(),
          moments(signal.right()),
          moments(signal.hallucinated()),
          signal.cohensD().map(d -> number("%.3f", d)).orElse("-"),
          area(signal.auroc()),
          area(signal.prAuc()),
          number("%.3f", signal.prr()));
    }
    return table.render();
  }

  /** What the verdicts rest on: each answer compared with those of its own task. */
  private static String within(Evidence evidence) {
    TextTable table = new TextTable();
    List<String> head =
        new ArrayList<>(List.of("signal", "AUROC within tasks [95 %]", "right of a pair"));
    List<Evidence.Task> tasks =
        evidence.tasks().stream().filter(task -> !task.signals().isEmpty()).toList();
    if (tasks.size() > 1) {
      tasks.forEach(task -> head.add("%s (n = %s)".formatted(task.task(), task.samples())));
    }
    head.addAll(List.of("p given length", "in words"));
    table.add(head.toArray(String[]::new));
    for (int s = 0; s < evidence.signals().size(); s++) {
      SignalEvidence signal = evidence.signals().get(s);
      List<String> row =
          new ArrayList<>(
              List.of(
                  signal.signal(), ScoreTable.estimate(signal.within()), pairs(signal.pairs())));
      if (tasks.size() > 1) {
        for (Evidence.Task task : tasks) {
          row.add(number("%.3f", task.signals().get(s).auroc().value()));
        }
      }
      row.add(signal.givenLength().map(EvidenceText::p).orElse("-"));
      row.add(signal.words());
      table.add(row.toArray(String[]::new));
    }
    return table.render();
  }

  /** For example {@code 0.812}: the share of pairs ranked rightly. */
  static String pairs(PairAccuracy pairs) {
    return pairs.records() == 0 ? "-" : number("%.3f", pairs.value());
  }

  /** A p with the side on which the estimate lies. */
  public static String p(Estimate estimate) {
    return p(estimate.p()) + side(estimate.value());
  }

  /** A p value: four digits, or that it is smaller. */
  public static String p(double p) {
    return p < 0.0001 ? "< 0.0001" : number("%.4f", p);
  }

  /** Which way a difference lies, in words. */
  public static String side(double difference) {
    return difference > 0 ? " (riskier)" : difference < 0 ? " (less risky)" : "";
  }

  private static String comparisons(Evidence evidence) {
    TextTable table = new TextTable();
    table.add("AUROC of", "minus that of", "difference [95 %]", "p (by record)", "p (Holm)", "");
    for (SignalEvidence signal : evidence.signals()) {
      if (!COMPARED.contains(signal.signal())) {
        continue;
      }
      for (SignalEvidence.Comparison one : signal.comparisons()) {
        Estimate difference = one.difference();
        table.add(
            signal.signal(),
            one.baseline(),
            number("%+.3f", difference.value())
                + difference.interval().map(i -> " " + interval(i, "%+.3f")).orElse(""),
            p(difference.p()),
            p(one.pHolm()) + direction(one),
            signal.inSample() ? "in-sample" : "");
      }
    }
    return table.render();
  }

  private static String direction(SignalEvidence.Comparison one) {
    return one.isBetter() ? ", better" : one.isWorse() ? ", worse" : "";
  }

  private static String reliability(Reliability joint) {
    TextTable table = new TextTable();
    table.add("joint probability", "samples", "mean", "hallucinated");
    for (Reliability.Bin bin : joint.bins()) {
      table.add(
          number("%.1f", bin.low()) + " to " + number("%.1f", bin.high()),
          Integer.toString(bin.count()),
          number("%.3f", bin.meanProbability()),
          number("%.3f", bin.hallucinated()));
    }
    return "%n%scalibration error (ECE) %s, Brier score %s%n"
        .formatted(table.render(), number("%.3f", joint.ece()), number("%.3f", joint.brier()));
  }

  private static String controls(List<Evidence.Control> controls) {
    TextTable table = new TextTable();
    table.add("control", "AUROC, the better way round [95 %]");
    for (Evidence.Control control : controls) {
      table.add(control.name(), ScoreTable.estimate(control.auroc()));
    }
    return "\n" + table.render();
  }

  private static String area(SignalEvidence.PooledArea area) {
    return number("%.3f", area.value()) + " " + interval(area.byRecord(), "%.3f");
  }

  private static String moments(Moments moments) {
    return String.format(Locale.ROOT, "%.4g (%.3g)", moments.mean(), moments.sd());
  }

  static String interval(Interval interval, String format) {
    return "[" + number(format, interval.low()) + ", " + number(format, interval.high()) + "]";
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
