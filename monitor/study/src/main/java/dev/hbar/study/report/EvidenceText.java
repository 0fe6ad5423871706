package dev.hbar.study.report;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.PairedShift;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Reliability;
import java.util.ArrayList;
import java.util.List;

/** The evidence on every signal, and what goes with it, as tables for people. */
public final class EvidenceText {
  /** Signals whose comparisons are shown; those of all signals are in the JSON only. */
  private static final List<String> COMPARED = ScoreColumns.CALIBRATED;

  private static final List<String> LABELS = List.of("right", "hallucinated");

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
        + GradeText.of(evidence.graded())
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
          NumberText.moments(signal.right()),
          NumberText.moments(signal.hallucinated()),
          signal.cohensD().map(d -> NumberText.number("%.3f", d)).orElse("-"),
          NumberText.area(signal.auroc()),
          NumberText.area(signal.prAuc()),
          NumberText.number("%.3f", signal.prr()));
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
                  signal.signal(),
                  NumberText.estimate(signal.within()),
                  NumberText.pairs(signal.pairs())));
      if (tasks.size() > 1) {
        for (Evidence.Task task : tasks) {
          row.add(NumberText.number("%.3f", task.signals().get(s).auroc().value()));
        }
      }
      row.add(signal.givenLength().map(NumberText::p).orElse("-"));
      row.add(signal.words());
      table.add(row.toArray(String[]::new));
    }
    return table.render();
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
            NumberText.number("%+.3f", difference.value())
                + difference.interval().map(i -> " " + NumberText.interval(i, "%+.3f")).orElse(""),
            NumberText.p(difference.p()),
            NumberText.p(one.pHolm()) + direction(one),
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
          NumberText.number("%.1f", bin.low()) + " to " + NumberText.number("%.1f", bin.high()),
          Integer.toString(bin.count()),
          NumberText.number("%.3f", bin.meanProbability()),
          NumberText.number("%.3f", bin.hallucinated()));
    }
    return "%n%scalibration error (ECE) %s, Brier score %s%n"
        .formatted(
            table.render(),
            NumberText.number("%.3f", joint.ece()),
            NumberText.number("%.3f", joint.brier()));
  }

  private static String controls(List<Evidence.Control> controls) {
    TextTable table = new TextTable();
    table.add("control", "AUROC, the better way round [95 %]");
    for (Evidence.Control control : controls) {
      table.add(control.name(), NumberText.estimate(control.auroc()));
    }
    return "\n" + table.render();
  }

  /**
   * Means of both signals at one token, over the samples of one label.
   *
   * @param label 0 right, 1 hallucinated
   * @param hbar of hbar_s
   * @param pri of PRI, nats
   */
  public record TokenMeans(int label, Trajectories.Point hbar, Trajectories.Point pri) {}

  /** The means by token, right answers first. */
  public static List<TokenMeans> tokenMeans(Trajectories rows) {
    List<TokenMeans> means = new ArrayList<>();
    for (int label = 0; label < LABELS.size(); label++) {
      List<Trajectories.Point> hbar = rows.mean(label, Signal.HBAR);
      List<Trajectories.Point> pri = rows.mean(label, Signal.PRI);
      for (int i = 0; i < hbar.size(); i++) {
        means.add(new TokenMeans(label, hbar.get(i), pri.get(i)));
      }
    }
    return means;
  }

  /** A table of the means by token. */
  public static String tokens(Trajectories rows) {
    TextTable table = new TextTable();
    table.add("label", "token", "samples", "hbar_s [95 %]", "PRI [95 %]");
    for (TokenMeans one : tokenMeans(rows)) {
      table.add(
          LABELS.get(one.label()),
          Integer.toString(one.hbar().index() + 1),
          Integer.toString(one.hbar().samples()),
          cell(one.hbar()),
          cell(one.pri()));
    }
    return table.render();
  }

  private static String cell(Trajectories.Point point) {
    return NumberText.number("%.4g", point.mean())
        + " "
        + NumberText.interval(point.interval(), "%.3f");
  }

  /** A table of the shifts of every signal between two files of the same samples. */
  public static String shifts(List<PairedShift> shifts) {
    TextTable table = new TextTable();
    table.add("signal", "samples", "mean shift [95 %]", "in sd", "rank correlation");
    for (PairedShift shift : shifts) {
      table.add(
          shift.signal(),
          Integer.toString(shift.samples()),
          NumberText.number("%.4g", shift.meanShift())
              + " "
              + NumberText.interval(shift.interval(), "%.4g"),
          NumberText.number("%.3f", shift.shiftInSd()),
          NumberText.number("%.3f", shift.spearman()));
    }
    return table.render();
  }
}
