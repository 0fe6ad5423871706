package dev.hbar.study.report.page;

import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Picture;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.CurveBand;
import dev.hbar.study.statistics.Promise;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.Reliability;
import dev.hbar.study.statistics.RiskCoverage;
import dev.hbar.study.statistics.ThresholdCounts;
import dev.hbar.study.statistics.ThresholdCounts.PrecisionRecall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Curves over all thresholds: how well scores rank, and whether probabilities are calibrated. */
record CurveSections(Study study) {
  private static final int CURVE_WIDTH = 760;
  private static final int CURVE_HEIGHT = 820;
  private static final double[] ENDS = {0, 1};
  private static final int RELIABILITY_SIZE = 720;

  /** ROC curves with their bands, and precision-recall curves with the base rate. */
  HtmlPage.Section rankings() {
    List<Picture> pictures = new ArrayList<>();
    for (Study.Model model : study.models()) {
      String about = model.name() + ", n = " + model.evidence().samples();
      pictures.add(new Picture("roc-" + model.name(), "ROC curves, " + about, roc(model)));
      pictures.add(
          new Picture(
              "pr-" + model.name(),
              "Precision and recall (AP: average precision), " + about,
              precision(model)));
    }
    return new HtmlPage.Section(
        "Curves",
        List.of(
            "Each curve runs through all thresholds. A band holds 95 % of the curves that other"
                + " samples of records would have given, at each false positive rate or recall by"
                + " itself;"
                + " a signal whose band holds the dashed diagonal is a coin. The dashed line of"
                + " the precision curves is the share of hallucinated answers: what flagging"
                + " everything reaches."),
        pictures,
        List.of());
  }

  private static List<String> shown(Study.Model model) {
    return ScoreColumns.CALIBRATED.stream().filter(model.validation().names()::contains).toList();
  }

  private Plot roc(Study.Model model) {
    CurveChart chart =
        new CurveChart(
                model.name(),
                "false positive rate (right answers flagged)",
                "true positive rate (hallucinations flagged)",
                CURVE_WIDTH,
                CURVE_HEIGHT)
            .bounds(0, 1, 0, 1)
            .guide(ENDS, ENDS);
    List<String> names = shown(model);
    for (int i = 0; i < names.size(); i++) {
      ThresholdCounts.RocCurve.Band band =
          ThresholdCounts.RocCurve.Band.of(
              model.oriented(names.get(i)),
              model.validation().labels(),
              model.validation().recordOf(),
              study.settings());
      chart.band(band.falsePositiveRate(), band.low(), band.high(), i);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      ThresholdCounts.RocCurve curve = ThresholdCounts.RocCurve.of(counts(model, name));
      chart.line(
          "%s, AUROC %s"
              .formatted(
                  Study.label(name),
                  NumberText.area(model.evidence().signal(name).orElseThrow().auroc())),
          curve.falsePositiveRate(),
          curve.truePositiveRate(),
          i);
    }
    return chart.plot();
  }

  private Plot precision(Study.Model model) {
    double base = model.evidence().hallucinated() / (double) model.evidence().samples();
    CurveChart chart =
        new CurveChart(
                model.name(),
                "recall (hallucinations flagged)",
                "precision (flagged ones that are hallucinations)",
                CURVE_WIDTH,
                CURVE_HEIGHT)
            .bounds(0, 1, 0, 1)
            .guide(ENDS, new double[] {base, base});
    List<String> names = shown(model);
    for (int i = 0; i < names.size(); i++) {
      band(chart, CurveBand.ofPrecision(scored(model, names.get(i)), study.settings()), i);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      PrecisionRecall curve = PrecisionRecall.of(counts(model, name));
      // The last point, recall 0 with precision 1, is a convention and not a measurement.
      int measured = curve.thresholds().length;
      chart.line(
          "%s, AP %s"
              .formatted(
                  Study.label(name),
                  NumberText.area(model.evidence().signal(name).orElseThrow().prAuc())),
          Arrays.copyOf(curve.recall(), measured),
          Arrays.copyOf(curve.precision(), measured),
          i);
    }
    return chart.plot();
  }

  private static CurveBand.Scored scored(Study.Model model, String name) {
    return new CurveBand.Scored(
        model.oriented(name), model.validation().labels(), model.validation().recordOf());
  }

  private static void band(CurveChart chart, CurveBand band, int colour) {
    chart.band(band.x(), band.low(), band.high(), colour);
  }

  private static ThresholdCounts counts(Study.Model model, String name) {
    return new Ranking(model.oriented(name), model.validation().labels()).counts();
  }

  /** Reliability diagrams of the joint probability, and risk-coverage curves. */
  HtmlPage.Section reliability() {
    List<Picture> pictures = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    for (Study.Model model : study.models()) {
      model
          .evidence()
          .joint()
          .ifPresent(
              reliability -> {
                pictures.add(
                    new Picture(
                        "reliability-" + model.name(),
                        "Said and true share of hallucinations, " + model.name(),
                        diagram(model, reliability)));
                reliability.bins().forEach(bin -> rows.add(row(model, bin)));
              });
      pictures.add(
          new Picture(
              "risk-coverage-" + model.name(),
              "Hallucinations among the kept answers, " + model.name(),
              riskCoverage(model)));
    }
    Table table =
        new Table(
            "reliability",
            "Reliability of the joint probability on the validation samples",
            study.commands(),
            List.of(
                "model", "probability said", "samples", "mean said", "hallucinated, share [95 %]"),
            rows);
    return new HtmlPage.Section(
        "Reliability and selective answering",
        List.of(
            "Left: samples in bins of the joint probability, with Wilson's 95 % interval; on the"
                + " dashed diagonal a probability means what it says. ECE is the mean distance from"
                + " it. A model that always says one half is well calibrated and useless, so read"
                + " it together with the AUROC. Right: if only the least risky share of the answers"
                + " is kept, how many of them are hallucinated; a flat line means that rejecting by"
                + " the signal gains nothing (bands: 95 %, as above). A point is a promise: with a confidence of 0.9 at most"
                + " this share of what is kept is hallucinated (Learn then Test, one answer of each"
                + " record, each point by itself); without points nothing can be promised."),
        pictures,
        rows.isEmpty() ? List.of() : List.of(table));
  }

  private static Plot diagram(Study.Model model, Reliability reliability) {
    List<Reliability.Bin> bins = reliability.bins();
    return new CurveChart(
            model.name(),
            "probability said",
            "share of hallucinated answers",
            RELIABILITY_SIZE,
            RELIABILITY_SIZE)
        .bounds(0, 1, 0, 1)
        .guide(ENDS, ENDS)
        .band(
            bins.stream().mapToDouble(Reliability.Bin::meanProbability).toArray(),
            bins.stream().mapToDouble(bin -> bin.interval().low()).toArray(),
            bins.stream().mapToDouble(bin -> bin.interval().high()).toArray(),
            0)
        .markedLine(
            "joint, ECE %s, Brier score %s"
                .formatted(
                    NumberText.three(reliability.ece()), NumberText.three(reliability.brier())),
            bins.stream().mapToDouble(Reliability.Bin::meanProbability).toArray(),
            bins.stream().mapToDouble(Reliability.Bin::hallucinated).toArray(),
            0)
        .plot();
  }

  private Plot riskCoverage(Study.Model model) {
    double base = model.evidence().hallucinated() / (double) model.evidence().samples();
    CurveChart chart =
        new CurveChart(
                model.name(),
                "share of answers kept",
                "hallucinated among them",
                RELIABILITY_SIZE,
                RELIABILITY_SIZE)
            .bounds(0, 1, 0, 1)
            .guide(ENDS, new double[] {base, base});
    List<String> names = shown(model);
    for (int i = 0; i < names.size(); i++) {
      band(chart, CurveBand.ofRisk(scored(model, names.get(i)), study.settings()), i);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      RiskCoverage curve = RiskCoverage.of(counts(model, name));
      double ratio = model.evidence().signal(name).orElseThrow().prr();
      chart.line(
          "%s, rejection ratio %s".formatted(Study.label(name), NumberText.three(ratio)),
          curve.coverage(),
          curve.risk(),
          i);
      promises(chart, model, name, i);
    }
    return chart.plot();
  }

  /** Nothing was fitted on validation samples but the side that is risky. */
  private static void promises(CurveChart chart, Study.Model model, String name, int colour) {
    int[] drawn = Promise.oneOfEachRecord(model.validation().recordOf());
    double[] scores = model.oriented(name);
    List<Promise> promises =
        Promise.ladder(
            Arrays.stream(drawn).mapToDouble(i -> scores[i]).toArray(),
            Arrays.stream(drawn).map(i -> model.validation().labels()[i]).toArray());
    if (!promises.isEmpty()) {
      chart.points(
          Study.label(name) + ", promised",
          promises.stream().mapToDouble(Promise::coverage).toArray(),
          promises.stream().mapToDouble(Promise::mostWrong).toArray(),
          colour);
    }
  }

  private static List<Object> row(Study.Model model, Reliability.Bin bin) {
    return List.of(
        model.name(),
        String.format(Locale.ROOT, "%.1f to %.1f", bin.low(), bin.high()),
        bin.count(),
        NumberText.three(bin.meanProbability()),
        NumberText.three(bin.hallucinated()) + " " + NumberText.interval(bin.interval()));
  }
}
