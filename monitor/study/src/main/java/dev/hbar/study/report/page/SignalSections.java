package dev.hbar.study.report.page;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Judgement;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Picture;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What every signal is worth: the verdicts in short, then all figures. */
record SignalSections(Study study) {
  private static final List<String> SHOWN = ScoreColumns.CALIBRATED;
  private static final int CORRELATIONS_SIZE = 980;

  /** Warnings, and the verdicts on the main signals and the controls. */
  HtmlPage.Section summary() {
    List<String> words = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    List<List<Object>> controls = new ArrayList<>();
    study.leftOut().forEach(reason -> words.add("Warning: left out: " + reason));
    for (Study.Model model : study.models()) {
      warnings(model).forEach(warning -> words.add("Warning: " + model.name() + ": " + warning));
      rows.addAll(summaryRows(model));
      model
          .evidence()
          .controls()
          .forEach(
              control ->
                  controls.add(List.of(model.name(), control.name(), estimate(control.auroc()))));
    }
    words.add(
        "An AUROC is the chance that a hallucinated answer gets a riskier score than a right one:"
            + " 0.5 is a coin, 1 is certainty. Each answer is compared with those of its own task;"
            + " the interval (95 %) takes both answers of a record together. A verdict holds after"
            + " Holm's correction over all signals of all models here. No better means shown to lie"
            + " within "
            + Judgement.MARGIN
            + " of the baseline, not only that no difference was seen; where neither is"
            + " shown, the words say how many records it would take.");
    return new HtmlPage.Section(
        "What came out",
        words,
        List.of(),
        List.of(
            new Table(
                "summary",
                "The study's signals on the validation samples",
                study.commands(),
                List.of(
                    "model",
                    "signal",
                    "risky if",
                    "samples",
                    "AUROC within tasks [95 %]",
                    "in words"),
                rows),
            new Table(
                "controls",
                "What cannot know the truth reaches on the same samples; near a signal that looks"
                    + " too good, the data gives the label away",
                study.commands(),
                List.of("model", "control", "AUROC within tasks, the better way round [95 %]"),
                controls)));
  }

  /** What must be known before a figure of this model is used. */
  static List<String> warnings(Study.Model model) {
    return model
        .judged()
        .map(judged -> judged.validation().warnings())
        .orElseGet(() -> model.evidence().warnings());
  }

  private static List<List<Object>> summaryRows(Study.Model model) {
    List<List<Object>> rows = new ArrayList<>();
    for (String name : SHOWN) {
      model.evidence().signal(name).ifPresent(signal -> rows.add(summaryRow(model, signal)));
    }
    return rows;
  }

  private static List<Object> summaryRow(Study.Model model, SignalEvidence signal) {
    return List.of(
        model.name(),
        signal.signal(),
        signal.risky().id(),
        model.evidence().samples(),
        estimate(signal.within()),
        signal.words());
  }

  /** Every signal that was measured in the same pass, compared with the baselines. */
  HtmlPage.Section allSignals() {
    List<Picture> pictures = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    for (Study.Model model : study.models()) {
      tables.add(signalTable(model));
      if (!model.evidence().graded().isEmpty()) {
        tables.add(
            Table.ofGrades(
                "grades-" + model.name(),
                model.name(),
                study.command(model),
                model.evidence().graded()));
      }
      pictures.add(
          new Picture(
              "correlations-" + model.name(),
              "Rank correlation of the signals, " + model.name(),
              correlations(model)));
    }
    return new HtmlPage.Section(
        "All signals",
        List.of(
            "AUROC within tasks compares each answer with those of its own task, and takes the two"
                + " answers of a record together; the verdict rests on it. Each p value compares it"
                + " with that of a baseline on the same samples, two-sided, after Holm's correction"
                + " over all signals of all models here. Given length: p of the signal beside the"
                + " answer's length in one logistic regression. Of a pair: how often the"
                + " hallucinated answer of a record scores riskier than its right one. d is"
                + " Cohen's; the rejection ratio is 1 for an oracle and 0 for a coin. Signals that"
                + " correlate strongly are one signal under several names."),
        pictures,
        tables);
  }

  private Table signalTable(Study.Model model) {
    Set<String> baselines = new TreeSet<>();
    model
        .evidence()
        .signals()
        .forEach(signal -> signal.comparisons().forEach(each -> baselines.add(each.baseline())));
    List<String> columns =
        new ArrayList<>(
            List.of(
                "signal", "in words", "AUROC [95 %]", "within tasks", "of a pair", "rejection"));
    columns.addAll(List.of("risky if", "PR-AUC [95 %]", "d", "p given length"));
    baselines.forEach(baseline -> columns.add("p against " + baseline));
    List<List<Object>> rows = new ArrayList<>();
    for (SignalEvidence signal : model.evidence().signals()) {
      List<Object> row = new ArrayList<>();
      row.add(signal.signal());
      row.add(signal.words());
      row.add(NumberText.area(signal.auroc()));
      row.add(estimate(signal.within()));
      row.add(pairs(signal.pairs()));
      row.add(NumberText.three(signal.prr()));
      row.add(signal.risky().id());
      row.add(NumberText.area(signal.prAuc()));
      row.add(signal.cohensD().map(NumberText::three).orElse("-"));
      row.add(signal.givenLength().map(NumberText::p).orElse("-"));
      baselines.forEach(baseline -> row.add(p(signal, baseline)));
      rows.add(row);
    }
    return new Table(
        "signals-" + model.name(),
        "All signals, " + model.name(),
        study.command(model),
        columns,
        rows);
  }

  private static String p(SignalEvidence signal, String baseline) {
    return signal.comparisons().stream()
        .filter(each -> each.baseline().equals(baseline))
        .map(SignalSections::p)
        .findFirst()
        .orElse("-");
  }

  private static String p(SignalEvidence.Comparison one) {
    String side = one.isBetter() ? ", better" : one.isWorse() ? ", worse" : "";
    return NumberText.p(one.pHolm()) + side;
  }

  private static Plot correlations(Study.Model model) {
    List<Evidence.Correlation> all = model.evidence().correlations();
    List<String> names = model.evidence().signals().stream().map(SignalEvidence::signal).toList();
    double[][] matrix = new double[names.size()][names.size()];
    for (double[] row : matrix) {
      Arrays.fill(row, Double.NaN);
    }
    for (Evidence.Correlation pair : all) {
      int first = names.indexOf(pair.first());
      int second = names.indexOf(pair.second());
      matrix[first][second] = pair.spearman();
      matrix[second][first] = pair.spearman();
      matrix[first][first] = 1;
      matrix[second][second] = 1;
    }
    return new MatrixChart("Spearman's rank correlation", names, names, matrix)
        .plot(-1, 1, "0.0", CORRELATIONS_SIZE, CORRELATIONS_SIZE);
  }

  private static String estimate(Estimate estimate) {
    return withInterval(estimate.value(), estimate.interval());
  }

  private static String pairs(PairAccuracy pairs) {
    return pairs.records() == 0 ? "-" : withInterval(pairs.value(), pairs.interval());
  }

  private static String withInterval(double value, Optional<Interval> interval) {
    return NumberText.three(value)
        + interval.map(NumberText::interval).map(text -> " " + text).orElse("");
  }
}
