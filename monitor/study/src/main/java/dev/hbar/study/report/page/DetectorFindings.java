package dev.hbar.study.report.page;

import dev.hbar.study.detect.DetectorsOnData;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.FirstScreen.Figure;
import dev.hbar.study.report.page.FirstScreen.Tone;
import dev.hbar.study.report.page.Panel.Row;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What detectors are worth, as the first screen of their page.
 *
 * @param checkpoint they belong to
 * @param data at least one states folder, all with the same detectors
 */
record DetectorFindings(String checkpoint, List<DetectorsOnData> data) {
  private static final int MOST_FIGURES = 4;

  /** The first two controls: what the surface shows, and the words alone. */
  private static final int CONTROLS = 2;

  /** The screen. */
  FirstScreen screen() {
    List<DetectorsOnData.Subset> subsets =
        data.stream().flatMap(each -> each.subsets().stream()).toList();
    int answers =
        data.stream()
            .mapToInt(each -> each.subsets().getFirst().assessments().getFirst().samples())
            .sum();
    int detectors = subsets.getFirst().assessments().size();
    return new FirstScreen(
        "hbar detect report · " + checkpoint,
        verdict(subsets),
        List.of(
            "%s on %s answers of %s. Every figure is of answers that the detector was not fitted on, or whose record was held out when it was."
                .formatted(
                    detectors == 1 ? "One detector" : detectors + " detectors",
                    answers,
                    StudyFindings.listed(
                        data.stream().map(DetectorsOnData::name).toList(), "and"))),
        subsets.stream().limit(MOST_FIGURES).map(DetectorFindings::figure).toList(),
        "AUROC on each set of answers: the chance that a hallucinated answer scores higher than a"
            + " right one. The dashed line, 0.5, is a coin; bars are 95 % intervals; grey is what"
            + " the answers show without the model. Matched: the two answers of a record look alike"
            + " on the surface.",
        subsets.stream().map(DetectorFindings::panel).toList());
  }

  private static String verdict(List<DetectorsOnData.Subset> subsets) {
    List<String> knowing = new ArrayList<>();
    int detectors = subsets.getFirst().assessments().size();
    for (int d = 0; d < detectors; d++) {
      int detector = d;
      long found =
          subsets.stream()
              .filter(
                  each -> each.assessments().get(detector).verdict().equals(TaskAssessment.KNOWS))
              .count();
      if (found > 0) {
        String name = subsets.getFirst().assessments().get(d).figures().getFirst().name();
        knowing.add(
            name.replaceFirst(",.*", "")
                + (subsets.size() > 1
                    ? " (on %s of %s sets of answers)".formatted(found, subsets.size())
                    : ""));
      }
    }
    if (!knowing.isEmpty()) {
      return StudyFindings.listed(knowing, "and")
          + (knowing.size() > 1 ? " know" : " knows")
          + " more about right and wrong than the answers' surface shows";
    }
    boolean all =
        subsets.stream()
            .flatMap(each -> each.assessments().stream())
            .allMatch(each -> each.verdict().equals(TaskAssessment.NO_MORE));
    String known = " more than the answers' surface shows";
    if (detectors == 1) {
      return "The detector " + (all ? "knows no" : "is not shown to know") + known;
    }
    return "No detector " + (all ? "knows" : "is shown to know") + known;
  }

  /** The assessment whose area is highest. */
  static TaskAssessment best(DetectorsOnData.Subset subset) {
    return subset.assessments().stream()
        .max((a, b) -> Double.compare(first(a).auroc(), first(b).auroc()))
        .orElseThrow();
  }

  private static TaskAssessment.Separation first(TaskAssessment one) {
    return one.figures().getFirst();
  }

  private static Figure figure(DetectorsOnData.Subset subset) {
    TaskAssessment best = best(subset);
    String verdict = best.verdict();
    int detectors = subset.assessments().size();
    return new Figure(
        "%s, %s: %s%s"
            .formatted(
                best.task(),
                best.subset(),
                first(best).name(),
                detectors > 1 ? ", the highest of " + detectors : ""),
        first(best).auroc(),
        interval(first(best)),
        "surface alone %s, words alone %s"
            .formatted(
                NumberText.three(best.figures().get(1).auroc()),
                NumberText.three(best.figures().get(2).auroc())),
        verdict,
        verdict.equals(TaskAssessment.KNOWS)
            ? Tone.FOR
            : verdict.equals(TaskAssessment.NO_MORE) ? Tone.AGAINST : Tone.OPEN);
  }

  private static Panel panel(DetectorsOnData.Subset subset) {
    List<Row> rows = new ArrayList<>();
    subset.assessments().forEach(one -> rows.add(row(first(one), false)));
    TaskAssessment any = subset.assessments().getFirst();
    any.figures().stream().skip(1).limit(CONTROLS).forEach(each -> rows.add(row(each, true)));
    return new Panel(any.task() + ", " + any.subset(), any.samples() + " answers", rows);
  }

  private static Row row(TaskAssessment.Separation figure, boolean baseline) {
    return new Row(figure.name(), figure.auroc(), interval(figure), baseline);
  }

  private static Optional<Interval> interval(TaskAssessment.Separation figure) {
    return Optional.of(new Interval(figure.low(), figure.high()));
  }
}
