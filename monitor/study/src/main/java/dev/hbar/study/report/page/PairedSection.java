package dev.hbar.study.report.page;

import dev.hbar.study.evidence.PairedShift;
import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.report.page.Section.Picture;
import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The same samples under several models, above all several quantizations of one. */
final class PairedSection {
  private static final String TITLE = "The same samples, other weights";
  private static final int SIZE = 760;

  private PairedSection() {}

  static Section of(Study study) {
    StudyModel first = study.models().getFirst();
    Map<StudyModel, List<PairedShift>> shifts = shifts(study);
    String words =
        "Every sample against itself: %s is the reference. The shift is the mean of the"
                .formatted(first.name())
            + " differences with its 95 % interval; the rank correlation says whether the same"
            + " samples stay the risky ones. For quantizations of one checkpoint this is what the"
            + " bits do to the signals; an AUROC can stay while thresholds move.";
    return shifts.isEmpty()
        ? new Section(
            TITLE,
            List.of(words, "Needs two models that scored the same samples; there are none here."),
            List.of(),
            List.of())
        : new Section(
            TITLE, List.of(words), pictures(first, shifts), List.of(table(study, first, shifts)));
  }

  /** Of every model that shares samples with the first, in order. */
  private static Map<StudyModel, List<PairedShift>> shifts(Study study) {
    StudyModel first = study.models().getFirst();
    Map<StudyModel, List<PairedShift>> all = new LinkedHashMap<>();
    for (StudyModel other : study.models().subList(1, study.models().size())) {
      // Each model has its own joint weights: their outputs are no two measurements of one thing.
      List<PairedShift> shifts =
          PairedShift.between(first.validation(), other.validation()).stream()
              .filter(shift -> !shift.signal().equals(ScoreColumns.JOINT))
              .toList();
      if (!shifts.isEmpty()) {
        all.put(other, shifts);
      }
    }
    return all;
  }

  private static List<Picture> pictures(
      StudyModel first, Map<StudyModel, List<PairedShift>> shifts) {
    Map<String, List<PairedShift>> byName = new LinkedHashMap<>();
    shifts.forEach((model, own) -> byName.put(model.name(), own));
    List<Picture> pictures = new ArrayList<>();
    String caption = "Shift of every signal against %s, 95 %%".formatted(first.name());
    ShiftForest.image(first.name(), byName)
        .ifPresent(image -> pictures.add(new Picture("shifts", caption, image)));
    for (StudyModel other : shifts.keySet()) {
      pictures.add(
          new Picture(
              "paired-" + other.name(),
              "PRI of the same samples under %s and %s".formatted(first.name(), other.name()),
              scatter(first, other)));
    }
    return pictures;
  }

  private static Table table(
      Study study, StudyModel first, Map<StudyModel, List<PairedShift>> shifts) {
    List<List<Object>> rows = new ArrayList<>();
    shifts.forEach((model, own) -> own.forEach(shift -> rows.add(row(model, shift))));
    return new Table(
        "paired",
        "Shift of every signal against " + first.name(),
        commands(study),
        List.of("model", "signal", "samples", "mean shift", "95 %", "shift in sd", "rank corr."),
        rows);
  }

  private static String commands(Study study) {
    StudyModel first = study.models().getFirst();
    return study.models().stream()
        .skip(1)
        .map(
            other ->
                "hbar summary %s --against %s"
                    .formatted(Shell.word(other.file()), Shell.word(first.file())))
        .collect(Collectors.joining("\n"));
  }

  private static BufferedImage scatter(StudyModel first, StudyModel other) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    List<String> ids = other.validation().ids();
    for (int i = 0; i < first.validation().size(); i++) {
      int place = ids.indexOf(first.validation().ids().get(i));
      if (place >= 0) {
        x.add(first.validation().column("pri")[i]);
        y.add(other.validation().column("pri")[place]);
      }
    }
    double top = 1.05 * Math.max(max(x), max(y));
    return new CurveChart(
            "PRI, nats: each point is a sample", first.name(), other.name(), SIZE, SIZE)
        .bounds(0, top, 0, top)
        .guide(new double[] {0, top}, new double[] {0, top})
        .points("samples", values(x), values(y), 0)
        .withoutLegend()
        .image();
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static double[] values(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Object> row(StudyModel other, PairedShift shift) {
    return List.of(
        other.name(),
        shift.signal(),
        shift.samples(),
        Figures.significant(shift.meanShift()),
        "[%s, %s]"
            .formatted(
                Figures.significant(shift.interval().low()),
                Figures.significant(shift.interval().high())),
        Figures.three(shift.shiftInSd()),
        Figures.three(shift.spearman()));
  }
}
