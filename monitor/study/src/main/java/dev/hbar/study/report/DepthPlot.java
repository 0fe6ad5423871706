package dev.hbar.study.report;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.study.StudyException;
import dev.hbar.study.parity.ErrorProfile;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.plot.ChartStyle;
import dev.hbar.study.plot.Plot;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The relative error of every block's output by depth, as a picture. */
public final class DepthPlot {
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 640;

  /** A logarithmic axis has no zero. */
  private static final double LEAST = 1e-9;

  // Colour-blind safe (Okabe and Ito).
  private static final List<Color> COLOURS =
      List.of(new Color(0, 114, 178), new Color(230, 159, 0), new Color(0, 158, 115));

  private static final BasicStroke DASHES =
      new BasicStroke(
          2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, new float[] {7, 5}, 0f);

  private DepthPlot() {}

  /**
   * Draws a comparison.
   *
   * @param png the file to write, replaced if it exists
   * @throws StudyException if no block output was compared, or the picture cannot be written
   */
  public static void write(ReferenceComparison comparison, Path png) {
    // Before the first AWT class: no display is needed, also where one is configured.
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(comparison.subject().name() + " against " + comparison.reference().name())
            .xAxisTitle("block")
            .yAxisTitle("relative error of its output")
            .build();
    style(chart);
    int last = -1;
    for (ErrorProfile section : comparison.profiles()) {
      Color colour = COLOURS.get(comparison.profiles().indexOf(section) % COLOURS.size());
      last = Math.max(last, add(chart, section, colour));
    }
    if (last < 0) {
      throw new StudyException("nothing to plot: no block output was compared; leave --plot out");
    }
    bound(chart, comparison.bound(), last);
    new Plot(WIDTH, HEIGHT, canvas -> chart.paint(canvas, WIDTH, HEIGHT)).write(png);
  }

  /** Adds a section's block outputs; the index of the last one, -1 if there is none. */
  private static int add(XYChart chart, ErrorProfile section, Color colour) {
    List<ErrorProfile.PointError> outputs =
        section.points().stream()
            .filter(point -> point.pair().ours() instanceof CapturePoint.BlockOutput)
            .filter(point -> Double.isFinite(point.error().relative()))
            .toList();
    if (outputs.isEmpty()) {
      return -1;
    }
    double[] depth = outputs.stream().mapToDouble(DepthPlot::block).toArray();
    double[] error =
        outputs.stream().mapToDouble(p -> Math.max(LEAST, p.error().relative())).toArray();
    XYSeries series = chart.addSeries(section.name(), depth, error);
    series.setLineColor(colour);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(colour);
    series.setLineWidth(2f);
    return (int) depth[depth.length - 1];
  }

  private static double block(ErrorProfile.PointError point) {
    return ((CapturePoint.BlockOutput) point.pair().ours()).index();
  }

  private static void bound(XYChart chart, double bound, int last) {
    XYSeries line =
        chart.addSeries("bound", new double[] {0, Math.max(1, last)}, new double[] {bound, bound});
    line.setLineColor(new Color(213, 94, 0));
    line.setLineStyle(DASHES);
    line.setMarker(SeriesMarkers.NONE);
  }

  private static void style(XYChart chart) {
    chart
        .getStyler()
        .setYAxisLogarithmic(true)
        .setXAxisDecimalPattern("0")
        .setPlotGridLinesColor(new Color(232, 232, 232))
        .setAxisTickLabelsFont(ChartStyle.font(Font.PLAIN, 15))
        .setAxisTitleFont(ChartStyle.font(Font.PLAIN, 17))
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendFont(ChartStyle.font(Font.PLAIN, 16))
        .setLegendBorderColor(Color.WHITE)
        .setChartTitleFont(ChartStyle.font(Font.BOLD, 18))
        .setPlotBorderVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setMarkerSize(6)
        .setAntiAlias(true);
  }
}
