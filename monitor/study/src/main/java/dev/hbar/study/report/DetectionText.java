package dev.hbar.study.report;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.study.detect.DetectorReport;
import dev.hbar.study.detect.DetectorTrial;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.detect.TransferMatrix;
import dev.hbar.study.statistics.Promise;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Detectors and their controls as tables for people. */
public final class DetectionText {
  private static final double SMALLEST_P = 0.0001;

  private DetectionText() {}

  /** A fitted detector: what it is, and how well it detects. */
  public static String of(DetectorReport report) {
    return format(
            "%s on %s, %s (strength %s)%n",
            report.kind(), report.point(), report.position(), number(report.strength()))
        + format("fitted on %s: %s%n", report.checkpoint(), report.selection())
        + format(
            "%s samples of %s records, %s folds by record; every figure is of held-out records%n",
            report.samples(), report.records(), report.folds())
        + "chosen inside the folds: "
        + choices(report.choices())
        + "\n"
        + controls(report.controls())
        + sections(report.sections());
  }

  private static String choices(List<DetectorReport.Choice> choices) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    choices.forEach(
        choice ->
            counts.merge(choice.point() + " at " + number(choice.strength()), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + " x " + entry.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String controls(DetectorReport.Controls controls) {
    String permuted =
        controls.permuted().isEmpty()
            ? "not run"
            : format("%.3f (mean of %s)", controls.permutedMean(), controls.permuted().size());
    return format(
        "controls, to be near 0.5: permuted labels %s, random features %.3f%n",
        permuted, controls.random());
  }

  /** One table per task and subset. */
  public static String sections(List<TaskAssessment> sections) {
    StringBuilder text = new StringBuilder();
    for (TaskAssessment section : sections) {
      text.append(
          format(
              "%n%s, %s: %s samples, %s records%n",
              section.task(), section.subset(), section.samples(), section.records()));
      TextTable table = new TextTable();
      table.add("score", "AUROC", "95 %", "pairs");
      section.figures().forEach(figure -> table.add(cells(figure)));
      text.append(table.render());
      section.against().forEach(against -> text.append(line(against)));
      text.append(
          format(
              "added to surface and bag together: likelihood ratio %.1f, %s%n",
              section.likelihoodRatio().statistic(), p(section.likelihoodRatio().p())));
      text.append(GradeText.of(section.graded()));
      text.append("verdict: ").append(section.verdict()).append('\n');
    }
    return text.toString();
  }

  /** A line per detector, a column per states folder and task. */
  public static String transfer(TransferMatrix matrix) {
    TextTable table = new TextTable();
    table.add(row("AUROC [95 %] of", matrix.columns()));
    for (TransferMatrix.Row row : matrix.rows()) {
      table.add(row(row.detector(), row.cells().stream().map(DetectionText::cell).toList()));
    }
    return table.render();
  }

  /** A line per block, the baselines last. */
  public static String profile(LayerProfile profile) {
    TextTable table = new TextTable();
    table.add("state", "AUROC", "95 %", "pairs", "permuted labels");
    for (LayerProfile.Block block : profile.blocks()) {
      table.add(row(List.of(cells(block.figure())), format("%.3f", block.permuted())));
    }
    table.add(row(List.of(cells(profile.bag())), "-"));
    table.add(row(List.of(cells(profile.surface())), "-"));
    return table.render();
  }

  private static String[] row(List<String> cells, String last) {
    return Stream.concat(cells.stream(), Stream.of(last)).toArray(String[]::new);
  }

  /** A detector on single tokens. */
  public static String tokens(DetectorTrial.TokenTrial trial) {
    TaskAssessment.Separation figure = trial.figure();
    return format(
            "%s tokens of %s answers, %s marked; %s answers it was fitted on are left out%n",
            trial.tokens(), trial.answers() - trial.leftOut(), trial.marked(), trial.leftOut())
        + format("AUROC %.3f [%.3f, %.3f]%n", figure.auroc(), figure.low(), figure.high())
        + format("flagged from probability 0.5 on: %s%n", flags(trial.byProbability()))
        + format(
            "flagged from log-odds %.3f on, the best on these very tokens: %s%n",
            trial.best().logOdds(), flags(trial.best()));
  }

  private static String flags(DetectorTrial.TokenTrial.Flags flags) {
    return format(
        "precision %.3f, recall %.3f, F1 %.3f", flags.precision(), flags.recall(), flags.f1());
  }

  private static String[] row(String first, List<String> others) {
    return Stream.concat(Stream.of(first), others.stream()).toArray(String[]::new);
  }

  private static String cell(TransferMatrix.Cell cell) {
    TaskAssessment.Separation figure = cell.figure();
    return format("%.3f [%.3f, %.3f]", figure.auroc(), figure.low(), figure.high())
        + (cell.seen() > 0 ? " *" : "");
  }

  /**
   * A promise about the answers that are kept, and the option that keeps it.
   *
   * @param found the promise, its threshold in log-odds
   */
  public static String promise(Optional<Promise> found, double mostWrong, double confidence) {
    if (found.isEmpty()) {
      return format(
          "no probability keeps at most %.1f %% wrong answers with confidence %.1f %%; hbar detect power says how many records that can take%n",
          100 * mostWrong, 100 * confidence);
    }
    Promise promise = found.get();
    // Rounded down, so that what is printed keeps no more than what was tested.
    double cutoff = Math.floor(1e4 * Detector.probability(promise.threshold())) / 1e4;
    return format(
        "--abstain-above %.4f: at most %.1f %% of the answers kept are wrong, confidence %.1f %% (%s of %s kept, %s wrong)%n",
        cutoff,
        100 * mostWrong,
        100 * confidence,
        promise.kept(),
        promise.samples(),
        promise.wrong());
  }

  private static String[] cells(TaskAssessment.Separation figure) {
    return new String[] {
      figure.name(),
      format("%.3f", figure.auroc()),
      format("%.3f-%.3f", figure.low(), figure.high()),
      Double.isNaN(figure.pairAccuracy()) ? "-" : format("%.3f", figure.pairAccuracy())
    };
  }

  private static String line(TaskAssessment.Comparison against) {
    return format(
        "against %s: %+.3f [%+.3f, %+.3f], %s (Holm)%n",
        against.baseline(), against.difference(), against.low(), against.high(), p(against.holm()));
  }

  private static String p(double p) {
    return p < SMALLEST_P ? "p < 0.0001" : format("p %.4f", p);
  }

  private static String number(double value) {
    return Double.toString(value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
