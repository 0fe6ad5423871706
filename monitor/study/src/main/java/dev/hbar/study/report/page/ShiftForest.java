package dev.hbar.study.report.page;

import dev.hbar.study.evidence.PairedShift;
import dev.hbar.study.plot.CurveChart;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far every signal of the same samples moved, in standard deviations of the first model, with
 * the interval: a row for each signal, a colour for each model.
 */
final class ShiftForest {
  private static final int WIDTH = 1000;
  private static final int ROW_HEIGHT = 44;
  private static final int FRAME = 130;
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

  private ShiftForest(String first, List<String> signals) {
    this.signals = signals;
    this.chart =
        new CurveChart(
                "Shift against " + first,
                "standard deviations of " + first,
                "",
                WIDTH,
                FRAME + ROW_HEIGHT * signals.size())
            .withoutYAxis();
  }

  /**
   * The picture; empty if no signal moved.
   *
   * @param first name of the model the others are compared with
   * @param shifts name of each other model to its shifts, in order; signals that do not vary in the
   *     first model, or are the same in both, as the length of a prompt, are left out
   */
  static Optional<BufferedImage> image(String first, Map<String, List<PairedShift>> shifts) {
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
    ShiftForest forest = new ShiftForest(first, signals);
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

  private BufferedImage drawn() {
    double width = high - low;
    double left = low - NAMES * width;
    for (String signal : signals) {
      chart.text(Words.signal(signal), left, row(signal) + BESIDE);
    }
    return chart
        .guide(new double[] {0, 0}, new double[] {-1, signals.size()})
        .bounds(left, high + MARGIN * width, -0.6, signals.size())
        .image();
  }
}
