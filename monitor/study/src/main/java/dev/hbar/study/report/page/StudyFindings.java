package dev.hbar.study.report.page;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Judgement.Verdict;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.FirstScreen.Figure;
import dev.hbar.study.report.page.FirstScreen.Tone;
import dev.hbar.study.report.page.Panel.Row;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a study found, as the first screen of its report. */
record StudyFindings(Study study) {
  private static final int MOST_FIGURES = 4;
  private static final int MOST_ROWS = 8;

  /** The screen. */
  FirstScreen screen() {
    List<Figure> figures = new ArrayList<>();
    for (Study.Model model : shown(MOST_FIGURES)) {
      signals(model, study.models().size() * signals() <= MOST_FIGURES)
          .forEach(signal -> figures.add(figure(model, signal)));
    }
    return new FirstScreen(
        "hbar report · " + models(study.models().size()),
        verdict(),
        words(),
        figures,
        "AUROC by task: the chance that a hallucinated answer scores riskier than a right one of the"
            + " task. The dashed line, 0.5, is a coin; bars are 95 % intervals; grey is what knows"
            + " nothing of the model.",
        panels());
  }

  /** Which signals are better than what needs none, on how many models. */
  private String verdict() {
    List<String> better = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (String name : ScoreColumns.CALIBRATED) {
      List<SignalEvidence> found =
          study.models().stream().flatMap(each -> each.evidence().signal(name).stream()).toList();
      long good = found.stream().filter(StudyFindings::isBetter).count();
      if (good > 0) {
        better.add(label(name) + (found.size() > 1 ? onModels(good, found.size()) : ""));
      } else if (!found.isEmpty()) {
        rest.add(label(name));
      }
    }
    String task = " at finding hallucinated answers";
    if (better.isEmpty()) {
      boolean lengths = study.models().stream().anyMatch(each -> length(each).isPresent());
      return "No signal is shown to beat chance" + (lengths ? " and answer length" : "") + task;
    }
    return listed(better, "and")
        + (better.size() > 1 ? " are" : " is")
        + " better than chance"
        + task
        + (rest.isEmpty() ? "" : "; " + listed(rest, "and"))
        + (rest.isEmpty() ? "" : rest.size() > 1 ? " are not shown to be" : " is not shown to be");
  }

  private static boolean isBetter(SignalEvidence signal) {
    return signal.judgement().verdict() == Verdict.BETTER && !signal.inSample();
  }

  private static String onModels(long good, int all) {
    return " (on %s of %s models)".formatted(good, all);
  }

  private static String models(int count) {
    return count == 1 ? "1 model" : count + " models";
  }

  static String listed(List<String> names, String last) {
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1))
            + " "
            + last
            + " "
            + names.getLast();
  }

  /** How much was judged, and how much there is to know about it. */
  private List<String> words() {
    Set<String> data = new LinkedHashSet<>();
    study.models().forEach(model -> data.add(data(model.evidence())));
    List<String> names = study.models().stream().map(Study.Model::name).toList();
    List<String> words = new ArrayList<>();
    words.add(
        listed(names.size() > MOST_FIGURES ? names.subList(0, MOST_FIGURES) : names, "and")
            + (names.size() > MOST_FIGURES ? " and others" : "")
            + (names.size() > 1 && data.size() == 1 ? ", each on " : " on ")
            + listed(List.copyOf(data), "and")
            + ".");
    long warnings =
        study.leftOut().size()
            + study.models().stream().mapToLong(m -> SignalSections.warnings(m).size()).sum();
    if (warnings > 0) {
      words.add(
          "Warning: "
              + (warnings == 1 ? "one warning" : warnings + " warnings")
              + " below; read what came out before you use a figure.");
    }
    return words;
  }

  private static String data(Evidence evidence) {
    return "%s answers (%s hallucinated) of %s records%s"
        .formatted(
            evidence.samples(),
            evidence.hallucinated(),
            evidence.records(),
            evidence.failed() == 0 ? "" : ", %s more failed".formatted(evidence.failed()));
  }

  private List<Study.Model> shown(int most) {
    return study.models().subList(0, Math.min(most, study.models().size()));
  }

  /** How many signals a model has at most. */
  private int signals() {
    return study.models().stream().mapToInt(each -> signals(each, true).size()).max().orElse(0);
  }

  /** All of the study's signals, or the one that stands for them: the last. */
  private static List<SignalEvidence> signals(Study.Model model, boolean all) {
    List<SignalEvidence> found =
        ScoreColumns.CALIBRATED.stream()
            .flatMap(name -> model.evidence().signal(name).stream())
            .toList();
    return all || found.isEmpty() ? found : List.of(found.getLast());
  }

  private static Optional<SignalEvidence> length(Study.Model model) {
    return model.evidence().answerLength();
  }

  private Figure figure(Study.Model model, SignalEvidence signal) {
    Verdict verdict = signal.judgement().verdict();
    // A signal that is better on the very answers it was fitted on has shown nothing.
    boolean open = verdict.isUndecided() || verdict == Verdict.BETTER;
    Tone tone = isBetter(signal) ? Tone.FOR : open ? Tone.OPEN : Tone.AGAINST;
    return new Figure(
        label(signal.signal()) + (study.models().size() > 1 ? ", " + model.name() : ""),
        signal.within().value(),
        signal.within().interval(),
        length(model)
            .map(each -> "answer length alone " + NumberText.three(better(each.within()).value()))
            .orElse("against a coin, 0.5: answer lengths are unknown"),
        signal.words(),
        tone);
  }

  private List<Panel> panels() {
    boolean all = study.models().size() * (signals() + 1) <= MOST_ROWS;
    Map<String, Integer> answers = new LinkedHashMap<>();
    study.models().stream()
        .flatMap(model -> model.evidence().tasks().stream())
        .forEach(task -> answers.putIfAbsent(task.task(), task.samples()));
    List<Panel> panels = new ArrayList<>();
    answers.forEach(
        (name, samples) -> {
          List<Row> rows = new ArrayList<>();
          for (Study.Model model : shown(MOST_ROWS / 2)) {
            model.evidence().tasks().stream()
                .filter(each -> each.task().equals(name))
                .forEach(each -> rows.addAll(rows(model, each, all)));
          }
          if (!rows.isEmpty()) {
            panels.add(new Panel(name, samples + " answers", rows));
          }
        });
    return panels;
  }

  private List<Row> rows(Study.Model model, Evidence.Task task, boolean all) {
    String of = study.models().size() > 1 ? ", " + model.name() : "";
    List<Row> rows = new ArrayList<>();
    for (SignalEvidence signal : signals(model, all)) {
      area(task, signal.signal())
          .ifPresent(
              a -> rows.add(new Row(label(signal.signal()) + of, a.value(), a.interval(), false)));
    }
    Optional<SignalEvidence> length = length(model);
    length
        .flatMap(each -> area(task, each.signal()))
        .map(area -> length.orElseThrow().within().value() < 0.5 ? turned(area) : area)
        .ifPresent(a -> rows.add(new Row("answer length" + of, a.value(), a.interval(), true)));
    return rows;
  }

  private static Optional<Estimate> area(Evidence.Task task, String signal) {
    return task.signals().stream()
        .filter(each -> each.signal().equals(signal))
        .map(Evidence.Task.Signal::auroc)
        .findFirst();
  }

  /** A length may speak either way, and is read the better one. */
  private static Estimate better(Estimate area) {
    return area.value() < 0.5 ? turned(area) : area;
  }

  private static Estimate turned(Estimate area) {
    return new Estimate(
        1 - area.value(),
        area.standardError(),
        area.freedom(),
        area.p(),
        area.interval().map(i -> new Interval(1 - i.high(), 1 - i.low())));
  }

  private static String label(String signal) {
    return signal.equals(ScoreColumns.JOINT) ? "joint score" : Study.label(signal);
  }
}
