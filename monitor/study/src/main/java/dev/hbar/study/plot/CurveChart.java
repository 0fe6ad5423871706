package dev.hbar.study.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.Arrays;
import org.knowm.xchart.AnnotationTextPanel;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves over a common axis: lines, bands around them, points. The legend lists the named ones;
 * bands and guides have no name.
 */
public final class CurveChart {
  private static final int BAND_ALPHA = 45;

  private final XYChart chart;
  private final HoverMarks marks;
  private int unnamed;

  /** An empty chart; sizes in pixels. */
  public CurveChart(String title, String xTitle, String yTitle, int width, int height) {
    // Before the first AWT class: no display is needed, also where one is configured.
    System.setProperty("java.awt.headless", "true");
    chart =
        new XYChartBuilder()
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .width(width)
            .height(height)
            .build();
    marks = new HoverMarks(chart);
    ChartStyle.apply(chart.getStyler());
    chart
        .getStyler()
        .setAnnotationTextPanelFont(ChartStyle.font(Font.PLAIN, 16))
        .setAnnotationTextPanelBackgroundColor(Color.WHITE)
        .setAnnotationTextPanelBorderColor(Color.WHITE)
        .setAnnotationTextPanelPadding(0);
  }

  /** Bounds of both axes. */
  public CurveChart bounds(double xLow, double xHigh, double yLow, double yHigh) {
    chart.getStyler().setXAxisMin(xLow).setXAxisMax(xHigh);
    chart.getStyler().setYAxisMin(yLow).setYAxisMax(yHigh);
    return this;
  }

  /** Hides the y axis, for a forest plot whose rows have a text above each. */
  public CurveChart withoutYAxis() {
    chart.getStyler().setYAxisTicksVisible(false).setYAxisTitleVisible(false);
    chart.getStyler().setPlotGridHorizontalLinesVisible(false);
    return this;
  }

  /** A text that starts at a point of the plot and stands above it. */
  public CurveChart text(String text, double x, double y) {
    chart.addAnnotation(new AnnotationTextPanel(text, x, y, false));
    return this;
  }

  /** A named curve in the colour of series {@code colour}. */
  public CurveChart line(String name, double[] x, double[] y, int colour) {
    add(name, x, y, ChartStyle.series(colour), ChartStyle.SOLID, SeriesMarkers.NONE);
    marks.line(name, x, y);
    return this;
  }

  /** A named curve whose points are marked. */
  public CurveChart markedLine(String name, double[] x, double[] y, int colour) {
    add(name, x, y, ChartStyle.series(colour), ChartStyle.SOLID, SeriesMarkers.CIRCLE);
    marks.line(name, x, y);
    return this;
  }

  /** Named points without a line between them. */
  public CurveChart points(String name, double[] x, double[] y, int colour) {
    XYSeries series =
        add(name, x, y, ChartStyle.series(colour), ChartStyle.SOLID, SeriesMarkers.CIRCLE);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    marks.line(name, x, y);
    return this;
  }

  /** A dashed grey guide, such as chance, without a name. */
  public CurveChart guide(double[] x, double[] y) {
    add(next(), x, y, Color.GRAY, ChartStyle.DASHED, SeriesMarkers.NONE).setShowInLegend(false);
    return this;
  }

  /** A thin curve in the colour of a series, without a name. */
  public CurveChart thin(double[] x, double[] y, int colour) {
    Color faint = ChartStyle.faded(ChartStyle.series(colour), 3 * BAND_ALPHA);
    add(next(), x, y, faint, new BasicStroke(1.2f), SeriesMarkers.NONE).setShowInLegend(false);
    return this;
  }

  /** The area between two curves over the same x, behind the line of that colour. */
  public CurveChart band(double[] x, double[] low, double[] high, int colour) {
    int n = x.length;
    double[] round = Arrays.copyOf(x, 2 * n);
    double[] edge = Arrays.copyOf(high, 2 * n);
    for (int i = 0; i < n; i++) {
      round[n + i] = x[n - 1 - i];
      edge[n + i] = low[n - 1 - i];
    }
    XYSeries series = chart.addSeries(next(), round, edge);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(ChartStyle.faded(ChartStyle.series(colour), BAND_ALPHA));
    series.setLineColor(ChartStyle.faded(ChartStyle.series(colour), 0));
    series.setMarker(SeriesMarkers.NONE);
    series.setShowInLegend(false);
    return this;
  }

  /** A horizontal interval with a mark at its value, one row of a forest plot. */
  public CurveChart interval(double low, double value, double high, double row, int colour) {
    Color line = ChartStyle.series(colour);
    double[] ends = {low, high};
    add(next(), ends, new double[] {row, row}, line, ChartStyle.SOLID, SeriesMarkers.NONE)
        .setShowInLegend(false);
    XYSeries mark =
        add(
            next(),
            new double[] {value},
            new double[] {row},
            line,
            ChartStyle.SOLID,
            SeriesMarkers.SQUARE);
    mark.setShowInLegend(false);
    return this;
  }

  /** Hides the legend. */
  public CurveChart withoutLegend() {
    chart.getStyler().setLegendVisible(false);
    return this;
  }

  /** Writes the picture as PNG, SVG or PDF, by the file's ending; sizes in pixels. */
  public void write(Path file, int width, int height) {
    new Plot(width, height, graphics -> chart.paint(graphics, width, height)).write(file);
  }

  /** The picture. */
  public Plot plot() {
    return marks.plot();
  }

  private XYSeries add(
      String name, double[] x, double[] y, Color colour, BasicStroke stroke, Marker marker) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setLineColor(colour);
    series.setLineStyle(stroke);
    series.setMarker(marker);
    series.setMarkerColor(colour);
    return series;
  }

  private String next() {
    return "unnamed " + unnamed++;
  }
}
