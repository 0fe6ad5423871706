package dev.hbar.study.report.page;

import dev.hbar.study.calibrate.FlagRule;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import java.util.ArrayList;
import java.util.List;

/** Where the two flags agree and differ, with the calibrated thresholds. */
final class QuadrantSection {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 520;
  private static final double[] RATES = {0, 1};

  private QuadrantSection() {}

  static Section of(Study study) {
    List<Picture> pictures = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    for (StudyModel model : study.judged()) {
      FlagRule.Quadrants quadrants = model.judged().orElseThrow().validation().quadrantAnalysis();
      pictures.add(picture(model, quadrants));
      rows.add(row(model, "Q1 neither flags", quadrants.q1()));
      rows.add(row(model, "Q2 both flag", quadrants.q2()));
      rows.add(row(model, "Q3 PRI only", quadrants.q3()));
      rows.add(row(model, "Q4 hbar_s only", quadrants.q4()));
    }
    List<String> words = new ArrayList<>();
    words.add(
        "The thresholds come from the calibration samples: the most precise that still flag nine"
            + " of ten hallucinations there. Each cell shows the share of hallucinated answers"
            + " among the validation samples that fall into it; a signal that works makes the"
            + " cells differ. Small counts say little.");
    if (rows.isEmpty()) {
      words.add("Needs a calibration.jsonl beside the validation scores; there is none here.");
    }
    Table table =
        new Table(
            "quadrants",
            "Validation samples by flag",
            study.commands(),
            List.of("model", "quadrant", "samples", "hallucinated, share"),
            rows);
    return new Section("Quadrants", words, pictures, rows.isEmpty() ? List.of() : List.of(table));
  }

  private static Picture picture(StudyModel model, FlagRule.Quadrants q) {
    double[][] rates = {{rate(q.q1()), rate(q.q4())}, {rate(q.q3()), rate(q.q2())}};
    List<String> columns = List.of("hbar_s quiet", "hbar_s flags");
    List<String> rows = List.of("PRI quiet", "PRI flags");
    return new Picture(
        "quadrants-" + model.name(),
        "Share of hallucinated answers by flag, %s: %s samples flagged by neither, %s by both, %s by PRI only, %s by hbar_s only"
            .formatted(
                model.name(), q.q1().count(), q.q2().count(), q.q3().count(), q.q4().count()),
        MatrixChart.image(model.name(), columns, rows, rates, RATES, "0.00", WIDTH, HEIGHT));
  }

  /** An empty quadrant has no share, and no colour. */
  private static double rate(FlagRule.Quadrants.Cell quadrant) {
    return quadrant.count() == 0 ? Double.NaN : quadrant.hallucinationRate();
  }

  private static List<Object> row(StudyModel model, String name, FlagRule.Quadrants.Cell quadrant) {
    String share = quadrant.count() == 0 ? "-" : Figures.three(quadrant.hallucinationRate());
    return List.of(model.name(), name, quadrant.count(), share);
  }
}
