package dev.hbar.study.report;

import dev.hbar.study.evidence.Comparison;
import dev.hbar.study.evidence.Control;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Area;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.Reliability;
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
        + "%d samples of %d records: %d right, %d hallucinated, %d failed%n%n"
            .formatted(
                evidence.samples(),
                evidence.records(),
                evidence.samples() - evidence.hallucinated(),
                evidence.hallucinated(),
                evidence.failed())
        + signals(evidence)
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
        "AUROC [95 %]",
        "PR-AUC [95 %]",
        "PRR",
        "in words");
    for (SignalEvidence signal : evidence.signals()) {
      table.add(
          signal.signal(),
          signal.risky().id(),
          moments(signal.right()),
          moments(signal.hallucinated()),
          signal.cohensD().map(d -> number("%.3f", d)).orElse("-"),
          area(signal.auroc()),
          area(signal.prAuc()),
          number("%.3f", signal.prr()),
          signal.verdict().words());
    }
    return table.render();
  }

  private static String comparisons(Evidence evidence) {
    TextTable table = new TextTable();
    table.add(
        "AUROC of", "minus that of", "difference [95 %]", "p (DeLong, by record)", "p (Holm)");
    for (SignalEvidence signal : evidence.signals()) {
      if (!COMPARED.contains(signal.signal())) {
        continue;
      }
      for (Comparison one : signal.comparisons()) {
        table.add(
            signal.signal(),
            one.baseline(),
            number("%+.3f", one.difference()) + " " + interval(one.interval(), "%+.3f"),
            number("%.4f", one.pByRecord()),
            number("%.4f", one.pHolm()));
      }
    }
    return table.render();
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

  private static String controls(List<Control> controls) {
    TextTable table = new TextTable();
    table.add("control", "AUROC, the better way round [95 %]");
    for (Control control : controls) {
      table.add(
          control.name(),
          number("%.3f", control.auroc())
              + control.interval().map(i -> " " + interval(i, "%.3f")).orElse(""));
    }
    return "\n" + table.render();
  }

  private static String area(Area area) {
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
