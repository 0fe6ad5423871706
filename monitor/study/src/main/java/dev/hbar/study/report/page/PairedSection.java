package dev.hbar.study.report.page;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.evidence.PairedShift;
import dev.hbar.study.plot.CurveChart;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Picture;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import dev.hbar.study.scores.ScoreColumns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Compares models on the same samples, above all several quantizations of one model. */
record PairedSection(Study study) {
  private static final String TITLE = "The same samples, other weights";
  private static final int SIZE = 760;

  HtmlPage.Section section() {
    Study.Model first = study.models().getFirst();
    Map<Study.Model, List<PairedShift>> shifts = shifts();
    String words =
        "Every sample against itself: %s is the reference. The shift is the mean of the"
                .formatted(first.name())
            + " differences with its 95 % interval; the rank correlation says whether the same"
            + " samples stay the risky ones. For quantizations of one checkpoint this is what the"
            + " bits do to the signals; an AUROC can stay while thresholds move.";
    return shifts.isEmpty()
        ? new HtmlPage.Section(
            TITLE,
            List.of(words, "Needs two models that scored the same samples; there are none here."),
            List.of(),
            List.of())
        : new HtmlPage.Section(
            TITLE, List.of(words), pictures(first, shifts), List.of(table(first, shifts)));
  }

  /** The shifts of every model that shares samples with the first, in order. */
  private Map<Study.Model, List<PairedShift>> shifts() {
    Study.Model first = study.models().getFirst();
    Map<Study.Model, List<PairedShift>> all = new LinkedHashMap<>();
    for (Study.Model other : study.models().subList(1, study.models().size())) {
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
      Study.Model first, Map<Study.Model, List<PairedShift>> shifts) {
    Map<String, List<PairedShift>> byName = new LinkedHashMap<>();
    shifts.forEach((model, own) -> byName.put(model.name(), own));
    List<Picture> pictures = new ArrayList<>();
    String caption = "Shift of every signal against %s, 95 %%".formatted(first.name());
    ShiftForest.plot(first.name(), byName)
        .ifPresent(plot -> pictures.add(new Picture("shifts", caption, plot)));
    for (Study.Model other : shifts.keySet()) {
      pictures.add(
          new Picture(
              "paired-" + other.name(),
              "PRI of the same samples under %s and %s".formatted(first.name(), other.name()),
              scatter(first, other)));
    }
    return pictures;
  }

  private Table table(Study.Model first, Map<Study.Model, List<PairedShift>> shifts) {
    List<List<Object>> rows = new ArrayList<>();
    shifts.forEach((model, own) -> own.forEach(shift -> rows.add(row(model, shift))));
    return new Table(
        "paired",
        "Shift of every signal against " + first.name(),
        commands(),
        List.of("model", "signal", "samples", "mean shift", "95 %", "shift in sd", "rank corr."),
        rows);
  }

  private String commands() {
    Study.Model first = study.models().getFirst();
    return study.models().stream()
        .skip(1)
        .map(
            other ->
                "hbar summary %s --against %s"
                    .formatted(study.word(other.file()), study.word(first.file())))
        .collect(Collectors.joining("\n"));
  }

  private static Plot scatter(Study.Model first, Study.Model other) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    List<String> ids = other.validation().ids();
    for (int i = 0; i < first.validation().size(); i++) {
      int place = ids.indexOf(first.validation().ids().get(i));
      if (place >= 0) {
        x.add(first.validation().column(Signal.PRI.id())[i]);
        y.add(other.validation().column(Signal.PRI.id())[place]);
      }
    }
    double top = 1.05 * Math.max(max(x), max(y));
    return new CurveChart(
            "PRI, nats: each point is a sample", first.name(), other.name(), SIZE, SIZE)
        .bounds(0, top, 0, top)
        .guide(new double[] {0, top}, new double[] {0, top})
        .points("samples", values(x), values(y), 0)
        .withoutLegend()
        .plot();
  }

  private static double max(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static double[] values(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Object> row(Study.Model other, PairedShift shift) {
    return List.of(
        other.name(),
        shift.signal(),
        shift.samples(),
        NumberText.significant(shift.meanShift()),
        "[%s, %s]"
            .formatted(
                NumberText.significant(shift.interval().low()),
                NumberText.significant(shift.interval().high())),
        NumberText.three(shift.shiftInSd()),
        NumberText.three(shift.spearman()));
  }

  /**
   * How far every signal of the same samples moved, in standard deviations of the first model, with
   * the interval: a row for each signal, a colour for each model.
   */
  private static final class ShiftForest {
    private static final int WIDTH = 1000;
    private static final int ROW_HEIGHT = 44;
    private static final int FRAME = 150;
    private static final int LEGEND_LINE = 30;
    // The text begins there and stands above its point: beside the middle of its row.
    private static final double BESIDE = -0.4;
    private static final double SPREAD = 0.36;
    private static final double MARGIN = 0.06;
    // Room for the names, as a share of what the intervals take.
    private static final double NAMES = 0.3;

    private final List<String> signals;
    private final CurveChart chart;
    private double low;
    private double high;

    private ShiftForest(String first, List<String> signals, int models) {
      this.signals = signals;
      this.chart =
          new CurveChart(
                  "Shift against " + first,
                  "standard deviations of " + first,
                  "",
                  WIDTH,
                  FRAME + LEGEND_LINE * models + ROW_HEIGHT * signals.size())
              .withoutYAxis();
    }

    /**
     * The picture; empty if no signal shifted.
     *
     * @param first name of the model the others are compared with
     * @param shifts name of each other model to its shifts, in order; signals that do not vary in
     *     the first model, or are the same in both, as the length of a prompt, are left out
     */
    static Optional<Plot> plot(String first, Map<String, List<PairedShift>> shifts) {
      List<String> signals =
          shifts.values().stream()
              .flatMap(List::stream)
              .filter(shift -> Double.isFinite(shift.shiftInSd()))
              .filter(shift -> shift.interval().low() < shift.interval().high())
              .map(PairedShift::signal)
              .distinct()
              .toList();
      if (signals.isEmpty()) {
        return Optional.empty();
      }
      ShiftForest forest = new ShiftForest(first, signals, shifts.size());
      int model = 0;
      for (Map.Entry<String, List<PairedShift>> each : shifts.entrySet()) {
        forest.add(each.getKey(), each.getValue(), model++, shifts.size());
      }
      return Optional.of(forest.drawn());
    }

    private void add(String name, List<PairedShift> shifts, int model, int models) {
      List<PairedShift> shown =
          shifts.stream().filter(shift -> signals.contains(shift.signal())).toList();
      double[] values = shown.stream().mapToDouble(PairedShift::shiftInSd).toArray();
      double[] rows = new double[shown.size()];
      for (int i = 0; i < rows.length; i++) {
        PairedShift shift = shown.get(i);
        rows[i] = row(shift.signal()) - SPREAD * model / models;
        double perUnit = shift.meanShift() == 0 ? 0 : shift.shiftInSd() / shift.meanShift();
        double from = shift.interval().low() * perUnit;
        double to = shift.interval().high() * perUnit;
        low = Math.min(low, from);
        high = Math.max(high, to);
        chart.interval(from, values[i], to, rows[i], model);
      }
      chart.points(name, values, rows, model);
    }

    private int row(String signal) {
      return signals.size() - 1 - signals.indexOf(signal);
    }

    private Plot drawn() {
      double width = high - low;
      double left = low - NAMES * width;
      for (String signal : signals) {
        chart.text(Study.label(signal), left, row(signal) + BESIDE);
      }
      return chart
          .guide(new double[] {0, 0}, new double[] {-1, signals.size()})
          .bounds(left, high + MARGIN * width, -0.6, signals.size())
          .plot();
    }
  }
}
