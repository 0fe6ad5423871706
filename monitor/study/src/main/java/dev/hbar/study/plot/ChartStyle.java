package dev.hbar.study.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * The style of every chart: white, a light grid, large sans-serif, colours safe for the
 * colour-blind.
 */
public final class ChartStyle {
  // Okabe and Ito.
  static final Color RIGHT = new Color(0, 114, 178);
  static final Color HALLUCINATED = new Color(213, 94, 0);
  private static final Color[] SERIES = {
    RIGHT,
    HALLUCINATED,
    new Color(0, 158, 115),
    new Color(204, 121, 167),
    new Color(86, 180, 233),
    new Color(230, 159, 0),
    new Color(110, 110, 110)
  };
  private static final Color GRID = new Color(232, 232, 232);
  static final BasicStroke SOLID = new BasicStroke(2.4f);
  static final BasicStroke DASHED =
      new BasicStroke(
          1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, new float[] {7, 5}, 0f);

  private ChartStyle() {}

  /** The colour of the i-th model or signal. */
  static Color series(int i) {
    return SERIES[i % SERIES.length];
  }

  static Color faded(Color colour, int alpha) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }

  public static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  static void apply(AxesChartStyler styler) {
    styler
        .setPlotGridLinesColor(GRID)
        .setAxisTickLabelsFont(font(Font.PLAIN, 17))
        .setAxisTitleFont(font(Font.PLAIN, 18))
        .setXAxisTickMarkSpacingHint(90)
        .setYAxisTickMarkSpacingHint(60)
        .setPlotMargin(6)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Vertical)
        .setLegendFont(font(Font.PLAIN, 17))
        .setLegendBorderColor(Color.WHITE)
        .setChartTitleFont(font(Font.BOLD, 21))
        .setChartTitleBoxVisible(false)
        .setPlotBorderVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setMarkerSize(9)
        .setAntiAlias(true);
  }
}
