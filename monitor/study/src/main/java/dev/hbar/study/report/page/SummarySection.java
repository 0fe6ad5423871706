package dev.hbar.study.report.page;

import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured, on what, and the verdict in words; warnings first. */
final class SummarySection {
  private static final List<String> SHOWN = List.of("hbar", "pri", ScoreColumns.JOINT);

  private SummarySection() {}

  static Section of(Study study) {
    List<String> words = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    List<List<Object>> controls = new ArrayList<>();
    study.leftOut().forEach(reason -> words.add("Warning: left out: " + reason));
    for (StudyModel model : study.models()) {
      warnings(model).forEach(warning -> words.add("Warning: " + model.name() + ": " + warning));
      rows.addAll(verdicts(model));
      model
          .evidence()
          .controls()
          .forEach(
              control ->
                  controls.add(
                      List.of(
                          model.name(),
                          control.name(),
                          Figures.three(control.auroc()),
                          control.interval().map(Figures::interval).orElse("-"))));
    }
    words.add(
        "An AUROC is the chance that a hallucinated answer gets a riskier score than a right one:"
            + " 0.5 is a coin, 1 is certainty. The interval (95 %) comes from resampling records,"
            + " with both answers of a record kept together. A verdict holds after Holm's"
            + " correction over all signals; no better than answer length means that counting the"
            + " answer's tokens tells as much.");
    return new Section(
        "What came out",
        words,
        List.of(),
        List.of(
            new Table(
                "summary",
                "The study's signals on the validation samples",
                study.commands(),
                List.of("model", "signal", "risky if", "samples", "AUROC [95 %]", "in words"),
                rows),
            new Table(
                "controls",
                "What cannot know the truth reaches on the same samples; near a signal that looks"
                    + " too good, the data gives the label away",
                study.commands(),
                List.of("model", "control", "AUROC, the better way round", "95 %"),
                controls)));
  }

  private static List<String> warnings(StudyModel model) {
    return model
        .judged()
        .map(judged -> judged.validation().warnings())
        .orElseGet(() -> model.evidence().warnings());
  }

  private static List<List<Object>> verdicts(StudyModel model) {
    List<List<Object>> rows = new ArrayList<>();
    for (String name : SHOWN) {
      model.evidence().signal(name).ifPresent(signal -> rows.add(row(model, signal)));
    }
    return rows;
  }

  private static List<Object> row(StudyModel model, SignalEvidence signal) {
    return List.of(
        model.name(),
        signal.signal(),
        signal.risky().name().toLowerCase(Locale.ROOT),
        model.evidence().samples(),
        Figures.area(signal.auroc()),
        signal.verdict().words());
  }
}
