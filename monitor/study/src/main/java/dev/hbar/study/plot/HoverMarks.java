package dev.hbar.study.plot;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;

/** The values of a chart that a page tells on hover, and where in the picture they stand. */
final class HoverMarks {
  /** Not more places than this per line. */
  private static final int MOST = 60;

  private final XYChart chart;
  private final List<Value> values = new ArrayList<>();

  HoverMarks(XYChart chart) {
    this.chart = chart;
  }

  /** Places along a named line, its last one too. */
  void line(String name, double[] x, double[] y) {
    int step = Math.max(1, (x.length + MOST - 1) / MOST);
    for (int i = 0; i < x.length; i += step) {
      value(name, x[i], y[i]);
    }
    if (x.length > 1 && (x.length - 1) % step != 0) {
      value(name, x[x.length - 1], y[y.length - 1]);
    }
  }

  private void value(String name, double x, double y) {
    add(x, y, name + said(chart.getXAxisTitle(), x) + said(chart.getYAxisTitle(), y));
  }

  /** An axis without a title has rows, whose numbers mean nothing. */
  private static String said(String axis, double value) {
    return axis.isEmpty() ? "" : String.format(Locale.ROOT, "%n%s: %.3f", axis, value);
  }

  /** One place with its words. */
  void add(double x, double y, String words) {
    values.add(new Value(x, y, words));
  }

  /** The chart as a picture with its marks. */
  Plot plot() {
    int width = chart.getWidth();
    int height = chart.getHeight();
    return new Plot(
        width,
        height,
        graphics -> chart.paint(graphics, width, height),
        () -> placed(width, height));
  }

  /** Where a value stands is known once the chart is laid out, which painting it does. */
  private List<Plot.Mark> placed(int width, int height) {
    chart.paint(new VectorGraphics2D(), width, height);
    return values.stream()
        .map(
            value ->
                new Plot.Mark(
                    chart.getScreenXFromChart(value.x()),
                    chart.getScreenYFromChart(value.y()),
                    value.words()))
        .toList();
  }

  private record Value(double x, double y, String words) {}
}
