package dev.hbar.study.report.page;

import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.Reliability;
import dev.hbar.study.statistics.RiskCoverage;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the joint probability means what it says, and what selective answering gains. */
final class ReliabilitySection {
  private static final int SIZE = 720;
  private static final double[] ENDS = {0, 1};

  private ReliabilitySection() {}

  static Section of(Study study) {
    List<Picture> pictures = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    for (StudyModel model : study.models()) {
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
    return new Section(
        "Reliability and selective answering",
        List.of(
            "Left: samples in bins of the joint probability, with Wilson's 95 % interval; on the dashed diagonal a probability"
                + " means what it says. ECE is the mean distance from it. A model that always says"
                + " one half is well calibrated and useless, so read it together with the AUROC."
                + " Right: if only the least risky share of the answers is kept, how many of them"
                + " are hallucinated; a flat line means that rejecting by the signal gains"
                + " nothing."),
        pictures,
        rows.isEmpty() ? List.of() : List.of(table));
  }

  private static BufferedImage diagram(StudyModel model, Reliability reliability) {
    List<Reliability.Bin> bins = reliability.bins();
    return new CurveChart(
            model.name(), "probability said", "share of hallucinated answers", SIZE, SIZE)
        .bounds(0, 1, 0, 1)
        .guide(ENDS, ENDS)
        .band(
            bins.stream().mapToDouble(Reliability.Bin::meanProbability).toArray(),
            bins.stream().mapToDouble(bin -> bin.interval().low()).toArray(),
            bins.stream().mapToDouble(bin -> bin.interval().high()).toArray(),
            0)
        .markedLine(
            "joint, ECE %s, Brier score %s"
                .formatted(Figures.three(reliability.ece()), Figures.three(reliability.brier())),
            bins.stream().mapToDouble(Reliability.Bin::meanProbability).toArray(),
            bins.stream().mapToDouble(Reliability.Bin::hallucinated).toArray(),
            0)
        .image();
  }

  private static BufferedImage riskCoverage(StudyModel model) {
    double base = model.evidence().hallucinated() / (double) model.evidence().samples();
    CurveChart chart =
        new CurveChart(model.name(), "share of answers kept", "hallucinated among them", SIZE, SIZE)
            .bounds(0, 1, 0, 1)
            .guide(ENDS, new double[] {base, base});
    int colour = 0;
    for (String name : List.of("hbar", "pri", ScoreColumns.JOINT)) {
      if (model.validation().names().contains(name)) {
        RiskCoverage curve =
            RiskCoverage.of(
                new Ranking(model.oriented(name), model.validation().labels()).counts());
        double ratio = model.evidence().signal(name).orElseThrow().prr();
        chart.line(
            "%s, rejection ratio %s".formatted(Words.signal(name), Figures.three(ratio)),
            curve.coverage(),
            curve.risk(),
            colour++);
      }
    }
    return chart.image();
  }

  private static List<Object> row(StudyModel model, Reliability.Bin bin) {
    return List.of(
        model.name(),
        String.format(Locale.ROOT, "%.1f to %.1f", bin.low(), bin.high()),
        bin.count(),
        Figures.three(bin.meanProbability()),
        Figures.three(bin.hallucinated()) + " " + Figures.interval(bin.interval()));
  }
}
