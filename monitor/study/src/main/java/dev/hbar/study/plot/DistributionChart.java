package dev.hbar.study.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Random;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The distribution of a signal by label: histograms, every sample as a dot, and the means. */
public final class DistributionChart {
  private static final int FILL_ALPHA = 70;
  private static final int MOST_POINTS = 600;

  private final XYChart chart;
  private final HoverMarks marks;
  private final Histogram bins;
  private final double top;

  private DistributionChart(
      double[] right, double[] hallucinated, String axis, int width, int height) {
    chart = new XYChartBuilder().width(width).height(height).xAxisTitle(axis).build();
    marks = new HoverMarks(chart);
    bins = Histogram.over(right, hallucinated);
    top = 1.12 * Math.max(highest(right), highest(hallucinated));
  }

  /**
   * Draws the chart; sizes in pixels.
   *
   * @param right values of right answers
   * @param hallucinated values of hallucinated answers; at least one value in all
   * @param axis what the values are, with their unit
   * @param threshold a calibrated threshold to draw, if there is one
   */
  public static Plot plot(
      double[] right,
      double[] hallucinated,
      String axis,
      OptionalDouble threshold,
      int width,
      int height) {
    return chart(right, hallucinated, axis, threshold, width, height).marks.plot();
  }

  /** Draws the same chart at the origin of a canvas. */
  public static void draw(
      Graphics2D canvas,
      double[] right,
      double[] hallucinated,
      String axis,
      int width,
      int height) {
    chart(right, hallucinated, axis, OptionalDouble.empty(), width, height)
        .chart
        .paint(canvas, width, height);
  }

  private static DistributionChart chart(
      double[] right,
      double[] hallucinated,
      String axis,
      OptionalDouble threshold,
      int width,
      int height) {
    System.setProperty("java.awt.headless", "true");
    DistributionChart panel = new DistributionChart(right, hallucinated, axis, width, height);
    panel.style();
    panel.add("right answers", right, ChartStyle.RIGHT, -0.07);
    panel.add("hallucinated answers", hallucinated, ChartStyle.HALLUCINATED, -0.17);
    panel.baseline();
    threshold.ifPresent(panel::threshold);
    return panel;
  }

  private double highest(double[] values) {
    return Arrays.stream(bins.shares(values)).max().orElse(1);
  }

  private void add(String name, double[] values, Color colour, double stripAt) {
    if (values.length == 0) {
      return;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double[] shares = bins.shares(values);
    outline(String.format(Locale.ROOT, "%s, mean %.3f", name, mean), shares, colour);
    for (int i = 0; i < shares.length; i++) {
      double from = bins.low() + i * bins.width();
      double to = from + bins.width();
      double percent = 100 * shares[i];
      marks.add(
          from + bins.width() / 2,
          shares[i],
          String.format(Locale.ROOT, "%.3f to %.3f%n%.1f %% of the %s", from, to, percent, name));
    }
    strip(name, values, colour, stripAt);
    line(
        name + " mean",
        new double[] {mean, mean},
        new double[] {-0.22 * top, top},
        colour,
        ChartStyle.DASHED);
  }

  /** The histogram as a stepped outline with a light fill. */
  private void outline(String name, double[] shares, Color colour) {
    double[] x = new double[2 * shares.length + 2];
    double[] y = new double[x.length];
    for (int i = 0; i <= shares.length; i++) {
      x[2 * i] = bins.low() + i * bins.width();
      x[2 * i + 1] = x[2 * i];
      y[2 * i] = i == 0 ? 0 : shares[i - 1];
      y[2 * i + 1] = i == shares.length ? 0 : shares[i];
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(ChartStyle.faded(colour, FILL_ALPHA));
    series.setLineColor(colour);
    series.setLineWidth(2f);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** Every sample as a dot under the axis, spread up and down so that equal values show. */
  private void strip(String name, double[] values, Color colour, double at) {
    double[] shown = values.length <= MOST_POINTS ? values : Arrays.copyOf(values, MOST_POINTS);
    Random spread = new Random(shown.length);
    double[] y = new double[shown.length];
    Arrays.setAll(y, i -> top * (at + 0.06 * (spread.nextDouble() - 0.5)));
    XYSeries series = chart.addSeries(name + " samples", shown, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(ChartStyle.faded(colour, shown.length > 100 ? 60 : 130));
    series.setShowInLegend(false);
  }

  private void baseline() {
    double[] ends = {bins.low(), bins.low() + bins.bins() * bins.width()};
    line("zero", ends, new double[2], Color.DARK_GRAY, new BasicStroke(1.5f));
  }

  private void threshold(double at) {
    double[] x = {at, at};
    String name = String.format(Locale.ROOT, "threshold %.3f", at);
    line(name, x, new double[] {0, top}, Color.DARK_GRAY, ChartStyle.SOLID).setShowInLegend(true);
  }

  private XYSeries line(String name, double[] x, double[] y, Color colour, BasicStroke stroke) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setLineColor(colour);
    series.setLineStyle(stroke);
    series.setMarker(SeriesMarkers.NONE);
    series.setShowInLegend(false);
    return series;
  }

  private void style() {
    chart.setYAxisTitle("share of samples");
    ChartStyle.apply(chart.getStyler());
    chart
        .getStyler()
        .setYAxisMin(-0.24 * top)
        .setYAxisMax(top)
        .setYAxisTickLabelsFormattingFunction(
            share -> share < -1e-9 ? " " : Math.round(100 * share) + " %")
        .setPlotGridVerticalLinesVisible(false)
        .setXAxisTickMarkSpacingHint(110)
        .setMarkerSize(7)
        .setChartTitleVisible(false)
        .setLegendLayout(LegendLayout.Horizontal);
  }

  /**
   * Counts in bins of equal width, shared by both labels so that their shapes compare.
   *
   * @param low left edge of the first bin
   * @param width of a bin, above 0
   * @param bins number of bins
   */
  record Histogram(double low, double width, int bins) {
    private static final int LEAST_BINS = 8;
    private static final int MOST_BINS = 60;

    /** Bins for these values: Freedman-Diaconis or Sturges, whichever has more (NumPy's "auto"). */
    static Histogram over(double[] first, double[] second) {
      double[] all = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, all, first.length, second.length);
      Arrays.sort(all);
      double low = all[0];
      double range = all[all.length - 1] - low;
      if (range == 0) {
        // All values equal: one bin around them.
        double width = Math.max(Math.abs(low), 1) * 0.1;
        return new Histogram(low - width / 2, width, 1);
      }
      double quartiles = all[3 * (all.length - 1) / 4] - all[(all.length - 1) / 4];
      double wanted = 2 * quartiles / Math.cbrt(all.length);
      long sturges = 1 + Math.round(Math.log(all.length) / Math.log(2));
      long freedman = wanted > 0 ? Math.round(range / wanted) : LEAST_BINS;
      int used = Math.clamp(Math.max(sturges, freedman), LEAST_BINS, MOST_BINS);
      return new Histogram(low, range / used, used);
    }

    /** Share of the values in each bin; all zero if there are none. */
    double[] shares(double[] values) {
      double[] shares = new double[bins];
      for (double value : values) {
        int bin = Math.clamp((long) ((value - low) / width), 0, bins - 1);
        shares[bin] += 1.0 / values.length;
      }
      return shares;
    }
  }
}
