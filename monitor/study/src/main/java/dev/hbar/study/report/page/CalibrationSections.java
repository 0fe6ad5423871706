package dev.hbar.study.report.page;

import dev.hbar.study.calibrate.FlagRule;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Picture;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import java.util.ArrayList;
import java.util.List;

/** What calibrated parameters do: flags on their own model, and transfer to the others. */
record CalibrationSections(Study study) {
  private static final int QUADRANT_WIDTH = 620;
  private static final int QUADRANT_HEIGHT = 520;
  private static final int TRANSFER_CELL = 150;
  private static final int TRANSFER_FRAME = 330;

  /** Where the flags of the two signals agree and differ, with the calibrated thresholds. */
  HtmlPage.Section quadrants() {
    List<Picture> pictures = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    for (Study.Model model : study.judged()) {
      FlagRule.Quadrants quadrants = model.judged().orElseThrow().validation().quadrantAnalysis();
      pictures.add(quadrantPicture(model, quadrants));
      rows.add(quadrantRow(model, "Q1 neither flags", quadrants.q1()));
      rows.add(quadrantRow(model, "Q2 both flag", quadrants.q2()));
      rows.add(quadrantRow(model, "Q3 PRI only", quadrants.q3()));
      rows.add(quadrantRow(model, "Q4 hbar_s only", quadrants.q4()));
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
    return new HtmlPage.Section(
        "Quadrants", words, pictures, rows.isEmpty() ? List.of() : List.of(table));
  }

  private static Picture quadrantPicture(Study.Model model, FlagRule.Quadrants q) {
    double[][] rates = {{rate(q.q1()), rate(q.q4())}, {rate(q.q3()), rate(q.q2())}};
    List<String> columns = List.of("hbar_s quiet", "hbar_s flags");
    List<String> rows = List.of("PRI quiet", "PRI flags");
    return new Picture(
        "quadrants-" + model.name(),
        "Share of hallucinated answers by flag, %s: %s samples flagged by neither, %s by both, %s by PRI only, %s by hbar_s only"
            .formatted(
                model.name(), q.q1().count(), q.q2().count(), q.q3().count(), q.q4().count()),
        new MatrixChart(model.name(), columns, rows, rates)
            .plot(0, 1, "0.00", QUADRANT_WIDTH, QUADRANT_HEIGHT));
  }

  /** An empty quadrant has no share, and no colour. */
  private static double rate(FlagRule.Quadrants.Cell quadrant) {
    return quadrant.count() == 0 ? Double.NaN : quadrant.hallucinationRate();
  }

  private static List<Object> quadrantRow(
      Study.Model model, String name, FlagRule.Quadrants.Cell quadrant) {
    String share = quadrant.count() == 0 ? "-" : NumberText.three(quadrant.hallucinationRate());
    return List.of(model.name(), name, quadrant.count(), share);
  }

  /** Parameters of one model on the validation samples of another. */
  HtmlPage.Section transfer() {
    List<Study.Model> models = study.judged();
    if (models.size() < 2) {
      return new HtmlPage.Section(
          "Does a calibration transfer?",
          List.of("Needs two models with a calibration.jsonl each; there are fewer here."),
          List.of(),
          List.of());
    }
    List<List<Object>> rows = new ArrayList<>();
    double[][] auroc = new double[models.size()][models.size()];
    for (int from = 0; from < models.size(); from++) {
      for (int to = 0; to < models.size(); to++) {
        Validation result = validation(models.get(from), models.get(to));
        auroc[from][to] = result.aurocAndPrauc().joint().auroc();
        rows.add(transferRow(models.get(from), models.get(to), result));
      }
    }
    List<String> names = models.stream().map(Study.Model::name).toList();
    int size = TRANSFER_FRAME + TRANSFER_CELL * models.size();
    return new HtmlPage.Section(
        "Does a calibration transfer?",
        List.of(
            "Weights and thresholds fitted on one model (row), used on the validation samples of"
                + " another (column). An AUROC hardly suffers when only the scale of a signal"
                + " changes, a threshold does: compare precision and recall with those on the"
                + " diagonal."),
        List.of(
            new Picture(
                "transfer",
                "AUROC of the joint probability; row: fitted on, column: tested on",
                new MatrixChart("joint AUROC", names, names, auroc)
                    .plot(0.3, 0.7, "0.000", size, size))),
        List.of(
            new Table(
                "transfer",
                "Fitted on one model, tested on another",
                transferCommands(),
                List.of(
                    "fitted on",
                    "tested on",
                    "joint AUROC",
                    "hbar_s precision",
                    "hbar_s recall",
                    "PRI precision",
                    "PRI recall",
                    "joint precision",
                    "joint recall"),
                rows)));
  }

  /** The fit of each model, then its test on the others. */
  private String transferCommands() {
    List<String> lines = new ArrayList<>();
    for (Study.Model from : study.judged()) {
      lines.add(
          "hbar calibrate --scores %s --out params.json%s"
              .formatted(study.word(from.calibration().orElseThrow()), study.options()));
      for (Study.Model to : study.judged()) {
        lines.add(
            "hbar validate --scores %s --params params.json --any-checkpoint --out result.json --json%s"
                .formatted(study.word(to.file()), study.options()));
      }
    }
    return String.join("\n", lines);
  }

  private Validation validation(Study.Model from, Study.Model to) {
    Study.Model.Judged own = to.judged().orElseThrow();
    if (from == to) {
      return own.validation();
    }
    Parameters parameters = from.judged().orElseThrow().parameters();
    return Validation.of(to.validation(), parameters, from.name(), study.settings());
  }

  private static List<Object> transferRow(Study.Model from, Study.Model to, Validation result) {
    var performance = result.performanceAtCalibratedThresholds();
    return List.of(
        from.name(),
        to.name(),
        NumberText.three(result.aurocAndPrauc().joint().auroc()),
        NumberText.three(performance.hbarAlone().precision()),
        NumberText.three(performance.hbarAlone().recall()),
        NumberText.three(performance.priAlone().precision()),
        NumberText.three(performance.priAlone().recall()),
        NumberText.three(performance.joint().precision()),
        NumberText.three(performance.joint().recall()));
  }
}
