package dev.hbar.study.report.page;

import dev.hbar.study.evidence.Judgement;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import java.util.ArrayList;
import java.util.List;

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
                      List.of(model.name(), control.name(), Figures.estimate(control.auroc()))));
    }
    words.add(
        "An AUROC is the chance that a hallucinated answer gets a riskier score than a right one:"
            + " 0.5 is a coin, 1 is certainty. Each answer is compared with those of its own task;"
            + " the interval (95 %) takes both answers of a record together. A verdict holds after"
            + " Holm's correction over all signals of all models here. No better means shown to lie"
            + " within "
            + Judgement.MARGIN
            + " of the baseline, not only that no difference was seen; where neither is"
            + " shown, the words say how many records it would take.");
    return new Section(
        "What came out",
        words,
        List.of(),
        List.of(
            new Table(
                "summary",
                "The study's signals on the validation samples",
                study.commands(),
                List.of(
                    "model",
                    "signal",
                    "risky if",
                    "samples",
                    "AUROC within tasks [95 %]",
                    "in words"),
                rows),
            new Table(
                "controls",
                "What cannot know the truth reaches on the same samples; near a signal that looks"
                    + " too good, the data gives the label away",
                study.commands(),
                List.of("model", "control", "AUROC within tasks, the better way round [95 %]"),
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
        signal.risky().id(),
        model.evidence().samples(),
        Figures.estimate(signal.within()),
        signal.words());
  }
}
