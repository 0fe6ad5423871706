package dev.hbar.study.report.page;

import dev.hbar.study.detect.DetectorsOnData;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section;
import dev.hbar.study.report.page.HtmlPage.Section.Drawing;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import dev.hbar.study.statistics.GradeAgreement;
import dev.hbar.study.statistics.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Detectors and what needs no knowledge, side by side, on one self-contained page.
 *
 * @param data detectors on states folders of one checkpoint
 * @param profile by block; empty: not measured
 * @param command that makes the page
 */
public record DetectorPage(List<DetectorsOnData> data, List<LayerProfile> profile, String command) {
  private static final String LEAD =
      "Hover over a mark for its value; a click on a heading sorts a table.";

  private static final List<String> CONTROLLED =
      List.of(
          "A detector is worth something if it is better than the controls on the same answers. On"
              + " matched answers the two of a record have the same last character and lengths"
              + " within 10 %.");

  private static final List<String> PROMISED =
      List.of(
          "If only the least risky share of the answers is kept, how many of them are hallucinated. A"
              + " point is a promise: with a confidence of 0.9 at most this share of what is kept is"
              + " wrong (Learn then Test, one answer of each record, only records that the detector"
              + " was not fitted on; each point by itself). Where a detector has no point, nothing"
              + " can be promised.");

  private static final List<String> PROFILE =
      List.of(
          "One detector per block, its strength chosen inside the folds, with its 95 % band. The"
              + " best block was chosen by the figures shown, so its own is too good; detectors"
              + " above chose theirs inside the folds. Permuted labels must lie at 0.5.");

  /** Copies the lists. */
  public DetectorPage {
    data = List.copyOf(data);
    profile = List.copyOf(profile);
  }

  /**
   * Writes it, and its drawings and tables into the folder beside it.
   *
   * @throws dev.hbar.study.StudyException if that fails
   */
  public void write(Path page) {
    List<Section> sections = new ArrayList<>(List.of(findings(), sideBySide()));
    sections.add(curves());
    sections.add(selective());
    if (!profile.isEmpty()) {
      List<Drawing> layers =
          profile.stream()
              .map(
                  one ->
                      new Drawing(
                          one.position() + ", " + one.samples() + " answers",
                          DetectorCharts.layers(one)))
              .toList();
      sections.add(new Section("Where in the model", PROFILE, List.of(), layers, List.of()));
    }
    if (data.size() > 1) {
      sections.add(transfer());
    }
    String checkpoint = data.getFirst().detectors().getFirst().checkpoint();
    String html =
        new HtmlPage()
            .render(
                "Does the model know? Detectors on " + checkpoint,
                new DetectorFindings(checkpoint, data).screen(),
                LEAD,
                sections);
    PageFiles.write(page, html, sections);
  }

  private Section findings() {
    List<String> words = new ArrayList<>();
    for (DetectorsOnData each : data) {
      each.subsets().forEach(subset -> words.add(finding(each, subset)));
    }
    return new Section("Findings in words", words, List.of(), List.of());
  }

  private static String finding(DetectorsOnData each, DetectorsOnData.Subset subset) {
    TaskAssessment best = DetectorFindings.best(subset);
    TaskAssessment.Separation surface = best.figures().get(1);
    TaskAssessment.Separation bag = best.figures().get(2);
    return String.format(
        Locale.ROOT,
        "%s: %s, %s, puts a hallucinated answer above a right one in %s of"
            + " 100 cases [%s to %s]; length, ending and overlap do in %s, the words alone in %s. Verdict: %s.",
        title(each, subset),
        subset.assessments().size() == 1
            ? "the detector"
            : "of " + subset.assessments().size() + " detectors the highest",
        first(best).name(),
        hundred(first(best).auroc()),
        hundred(first(best).low()),
        hundred(first(best).high()),
        hundred(surface.auroc()),
        hundred(bag.auroc()),
        best.verdict());
  }

  private static TaskAssessment.Separation first(TaskAssessment assessment) {
    return assessment.figures().getFirst();
  }

  private static String hundred(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  private static String title(DetectorsOnData each, DetectorsOnData.Subset subset) {
    TaskAssessment any = subset.assessments().getFirst();
    return String.format(
        Locale.ROOT,
        "%s, %s (%d answers, %d records)",
        each.name(),
        any.subset(),
        any.samples(),
        any.records());
  }

  private Section sideBySide() {
    List<Table> tables = new ArrayList<>();
    List<Drawing> drawings = new ArrayList<>();
    List<List<Object>> against = new ArrayList<>();
    for (DetectorsOnData each : data) {
      for (DetectorsOnData.Subset subset : each.subsets()) {
        String title = title(each, subset);
        drawings.add(new Drawing(title, DetectorCharts.forest(title, subset)));
        tables.add(areas(title, subset, tables.size()));
        List<GradeAgreement> graded =
            subset.assessments().stream().flatMap(one -> one.graded().stream()).distinct().toList();
        if (!graded.isEmpty()) {
          tables.add(
              Table.ofGrades("grades" + tables.size(), title(each, subset), command, graded));
        }
        for (TaskAssessment one : subset.assessments()) {
          one.against().forEach(c -> against.add(row(title(each, subset), one, c)));
        }
      }
    }
    tables.add(
        new Table(
            "against",
            "Against the controls",
            command,
            List.of(
                "answers",
                "detector",
                "against",
                "difference [95 %]",
                "p (Holm)",
                "likelihood ratio",
                "verdict"),
            against));
    return new Section("Detectors and controls", CONTROLLED, List.of(), drawings, tables);
  }

  private Table areas(String title, DetectorsOnData.Subset subset, int number) {
    List<List<Object>> rows = new ArrayList<>();
    subset.assessments().forEach(one -> rows.add(row("detector", first(one))));
    List<TaskAssessment.Separation> all = subset.assessments().getFirst().figures();
    all.subList(1, all.size()).forEach(figure -> rows.add(row("control", figure)));
    return new Table(
        "areas" + number,
        title,
        command,
        List.of("what", "score", "AUROC [95 %]", "right of the two answers ranked lower"),
        rows);
  }

  private static List<Object> row(String what, TaskAssessment.Separation figure) {
    Interval interval = new Interval(figure.low(), figure.high());
    return List.of(
        what,
        figure.name(),
        NumberText.three(figure.auroc()) + " " + NumberText.interval(interval),
        NumberText.three(figure.pairAccuracy()));
  }

  private static List<Object> row(
      String answers, TaskAssessment one, TaskAssessment.Comparison against) {
    return List.of(
        answers,
        first(one).name(),
        against.baseline(),
        String.format(
            Locale.ROOT,
            "%+.3f [%+.3f, %+.3f]",
            against.difference(),
            against.low(),
            against.high()),
        NumberText.p(against.holm()),
        String.format(Locale.ROOT, "%.1f", one.likelihoodRatio().statistic()),
        one.verdict());
  }

  private Section curves() {
    List<Drawing> drawings = new ArrayList<>();
    for (DetectorsOnData each : data) {
      for (DetectorsOnData.Subset subset : each.subsets()) {
        drawings.add(
            new Drawing(title(each, subset), DetectorCharts.roc(title(each, subset), subset)));
      }
    }
    return new Section(
        "ROC curves",
        List.of("Through all thresholds; dashed are the controls."),
        List.of(),
        drawings,
        List.of());
  }

  private Section selective() {
    List<Drawing> drawings = new ArrayList<>();
    for (DetectorsOnData each : data) {
      for (DetectorsOnData.Subset subset : each.subsets()) {
        drawings.add(
            new Drawing(
                title(each, subset), DetectorCharts.riskCoverage(title(each, subset), subset)));
      }
    }
    return new Section("Selective answering", PROMISED, List.of(), drawings, List.of());
  }

  private Section transfer() {
    List<String> columns = new ArrayList<>();
    data.forEach(each -> each.subsets().forEach(subset -> columns.add(title(each, subset))));
    String names =
        data.getFirst().subsets().getFirst().assessments().stream()
            .map(one -> first(one).name())
            .collect(Collectors.joining("; "));
    String caption = "Rows: " + names + ". Columns: " + String.join("; ", columns);
    return new Section(
        "Fit on one, test on another",
        List.of("AUROC; a detector that learned how one dataset's answers look falls on another."),
        List.of(),
        List.of(new Drawing(caption, DetectorCharts.transfer(data, columns))),
        List.of());
  }
}
