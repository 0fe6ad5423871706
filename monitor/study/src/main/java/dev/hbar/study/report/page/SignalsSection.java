package dev.hbar.study.report.page;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.report.EvidenceText;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Every signal that rode along in the same pass, against the baselines. */
final class SignalsSection {
  private static final int SIZE = 980;
  private static final double[] WHOLE = {-1, 1};

  private SignalsSection() {}

  static Section of(Study study) {
    List<Picture> pictures = new ArrayList<>();
    List<Table> tables = new ArrayList<>();
    for (StudyModel model : study.models()) {
      tables.add(table(study, model));
      pictures.add(
          new Picture(
              "correlations-" + model.name(),
              "Rank correlation of the signals, " + model.name(),
              correlations(model)));
    }
    return new Section(
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

  private static Table table(Study study, StudyModel model) {
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
      row.add(Figures.area(signal.auroc()));
      row.add(Figures.estimate(signal.within()));
      row.add(Figures.pairs(signal.pairs()));
      row.add(Figures.three(signal.prr()));
      row.add(signal.risky().id());
      row.add(Figures.area(signal.prAuc()));
      row.add(signal.cohensD().map(Figures::three).orElse("-"));
      row.add(signal.givenLength().map(EvidenceText::p).orElse("-"));
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
        .map(SignalsSection::p)
        .findFirst()
        .orElse("-");
  }

  private static String p(SignalEvidence.Comparison one) {
    String side = one.isBetter() ? ", better" : one.isWorse() ? ", worse" : "";
    return EvidenceText.p(one.pHolm()) + side;
  }

  private static BufferedImage correlations(StudyModel model) {
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
    return MatrixChart.image(
        "Spearman's rank correlation", names, names, matrix, WHOLE, "0.0", SIZE, SIZE);
  }
}
