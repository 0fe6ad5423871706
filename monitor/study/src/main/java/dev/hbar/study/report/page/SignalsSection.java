package dev.hbar.study.report.page;

import dev.hbar.study.evidence.Comparison;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.statistics.Correlation;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
            "Each p value compares the signal's AUROC with that of a baseline on the same samples"
                + " (DeLong's test, two-sided), after Holm's correction over all signals. d is"
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
            List.of("signal", "risky if", "AUROC [95 %]", "PR-AUC [95 %]", "d", "rejection"));
    baselines.forEach(baseline -> columns.add("p against " + baseline));
    columns.add("in words");
    List<List<Object>> rows = new ArrayList<>();
    for (SignalEvidence signal : model.evidence().signals()) {
      List<Object> row = new ArrayList<>();
      row.add(signal.signal());
      row.add(signal.risky().name().toLowerCase(Locale.ROOT));
      row.add(Figures.area(signal.auroc()));
      row.add(Figures.area(signal.prAuc()));
      row.add(signal.cohensD().map(Figures::three).orElse("-"));
      row.add(Figures.three(signal.prr()));
      baselines.forEach(baseline -> row.add(p(signal, baseline)));
      row.add(signal.verdict().words());
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
        .map(Comparison::pHolm)
        .map(Figures::p)
        .findFirst()
        .orElse("-");
  }

  private static BufferedImage correlations(StudyModel model) {
    List<Correlation> all = model.evidence().correlations();
    List<String> names = model.evidence().signals().stream().map(SignalEvidence::signal).toList();
    double[][] matrix = new double[names.size()][names.size()];
    for (double[] row : matrix) {
      Arrays.fill(row, Double.NaN);
    }
    for (Correlation pair : all) {
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
