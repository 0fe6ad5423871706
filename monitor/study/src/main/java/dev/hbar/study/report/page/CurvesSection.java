package dev.hbar.study.report.page;

import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.PrecisionRecall;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.RocCurve;
import dev.hbar.study.statistics.ThresholdCounts;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** ROC curves with their bands, precision-recall curves with the base rate. */
final class CurvesSection {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 820;
  private static final double[] ENDS = {0, 1};

  private CurvesSection() {}

  static Section of(Study study) {
    List<Picture> pictures = new ArrayList<>();
    for (StudyModel model : study.models()) {
      String about = model.name() + ", n = " + model.evidence().samples();
      pictures.add(new Picture("roc-" + model.name(), "ROC curves, " + about, roc(study, model)));
      pictures.add(
          new Picture(
              "pr-" + model.name(),
              "Precision and recall (AP: average precision), " + about,
              precision(model)));
    }
    return new Section(
        "Curves",
        List.of(
            "Each curve runs through all thresholds. A band holds 95 % of the curves that other"
                + " samples of records would have given, at each false positive rate by itself;"
                + " a signal whose band holds the dashed diagonal is a coin. The dashed line of"
                + " the precision curves is the share of hallucinated answers: what flagging"
                + " everything reaches."),
        pictures,
        List.of());
  }

  private static List<String> shown(StudyModel model) {
    return List.of("hbar", "pri", ScoreColumns.JOINT).stream()
        .filter(model.validation().names()::contains)
        .toList();
  }

  private static BufferedImage roc(Study study, StudyModel model) {
    CurveChart chart =
        new CurveChart(
                model.name(),
                "false positive rate (right answers flagged)",
                "true positive rate (hallucinations flagged)",
                WIDTH,
                HEIGHT)
            .bounds(0, 1, 0, 1)
            .guide(ENDS, ENDS);
    List<String> names = shown(model);
    for (int i = 0; i < names.size(); i++) {
      RocCurve.Band band =
          RocCurve.Band.of(
              model.oriented(names.get(i)),
              model.validation().labels(),
              model.validation().recordOf(),
              study.settings());
      chart.band(band.falsePositiveRate(), band.low(), band.high(), i);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      RocCurve curve = RocCurve.of(counts(model, name));
      chart.line(
          "%s, AUROC %s"
              .formatted(
                  Words.signal(name),
                  Figures.area(model.evidence().signal(name).orElseThrow().auroc())),
          curve.falsePositiveRate(),
          curve.truePositiveRate(),
          i);
    }
    return chart.image();
  }

  private static BufferedImage precision(StudyModel model) {
    double base = model.evidence().hallucinated() / (double) model.evidence().samples();
    CurveChart chart =
        new CurveChart(
                model.name(),
                "recall (hallucinations flagged)",
                "precision (flagged ones that are hallucinations)",
                WIDTH,
                HEIGHT)
            .bounds(0, 1, 0, 1)
            .guide(ENDS, new double[] {base, base});
    List<String> names = shown(model);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      PrecisionRecall curve = PrecisionRecall.of(counts(model, name));
      // The last point, recall 0 with precision 1, is a convention and not a measurement.
      int measured = curve.thresholds().length;
      chart.line(
          "%s, AP %s"
              .formatted(
                  Words.signal(name),
                  Figures.area(model.evidence().signal(name).orElseThrow().prAuc())),
          Arrays.copyOf(curve.recall(), measured),
          Arrays.copyOf(curve.precision(), measured),
          i);
    }
    return chart.image();
  }

  private static ThresholdCounts counts(StudyModel model, String name) {
    return new Ranking(model.oriented(name), model.validation().labels()).counts();
  }
}
