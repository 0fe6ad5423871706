package dev.hbar.study.report.page;

import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.plot.MatrixChart;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import java.util.ArrayList;
import java.util.List;

/** Parameters of one model on the validation samples of another. */
final class TransferSection {
  private static final int CELL = 150;
  private static final int FRAME = 330;

  private TransferSection() {}

  static Section of(Study study) {
    List<StudyModel> models = study.judged();
    if (models.size() < 2) {
      return new Section(
          "Does a calibration transfer?",
          List.of("Needs two models with a calibration.jsonl each; there are fewer here."),
          List.of(),
          List.of());
    }
    List<List<Object>> rows = new ArrayList<>();
    double[][] auroc = new double[models.size()][models.size()];
    for (int from = 0; from < models.size(); from++) {
      for (int to = 0; to < models.size(); to++) {
        Validation result = validation(study, models.get(from), models.get(to));
        auroc[from][to] = result.aurocAndPrauc().joint().auroc();
        rows.add(row(models.get(from), models.get(to), result));
      }
    }
    List<String> names = models.stream().map(StudyModel::name).toList();
    return new Section(
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
                MatrixChart.image(
                    "joint AUROC",
                    names,
                    names,
                    auroc,
                    new double[] {0.3, 0.7},
                    "0.000",
                    FRAME + CELL * models.size(),
                    FRAME + CELL * models.size()))),
        List.of(
            new Table(
                "transfer",
                "Fitted on one model, tested on another",
                commands(study),
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
  private static String commands(Study study) {
    List<String> lines = new ArrayList<>();
    for (StudyModel from : study.judged()) {
      lines.add(
          "hbar calibrate --scores %s --out params.json%s"
              .formatted(Shell.word(from.calibration().orElseThrow()), study.options()));
      for (StudyModel to : study.judged()) {
        lines.add(
            "hbar validate --scores %s --params params.json --any-checkpoint --out result.json --json%s"
                .formatted(Shell.word(to.file()), study.options()));
      }
    }
    return String.join("\n", lines);
  }

  private static Validation validation(Study study, StudyModel from, StudyModel to) {
    StudyModel.Judged own = to.judged().orElseThrow();
    if (from == to) {
      return own.validation();
    }
    Parameters parameters = from.judged().orElseThrow().parameters();
    return Validation.of(to.validation(), parameters, from.name(), study.settings());
  }

  private static List<Object> row(StudyModel from, StudyModel to, Validation result) {
    var performance = result.performanceAtCalibratedThresholds();
    return List.of(
        from.name(),
        to.name(),
        Figures.three(result.aurocAndPrauc().joint().auroc()),
        Figures.three(performance.hbarAlone().precision()),
        Figures.three(performance.hbarAlone().recall()),
        Figures.three(performance.priAlone().precision()),
        Figures.three(performance.priAlone().recall()),
        Figures.three(performance.joint().precision()),
        Figures.three(performance.joint().recall()));
  }
}
