package dev.hbar.study.plot;

import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/**
 * A matrix as coloured cells, each with its number; a cell that is not finite stays empty.
 *
 * @param columns names along the x axis
 * @param rows names along the y axis, the first at the bottom
 * @param values one array per row
 */
public record MatrixChart(
    String title, List<String> columns, List<String> rows, double[][] values) {
  // Pale enough for the numbers on them.
  private static final Color LOW = new Color(102, 170, 207);
  private static final Color MIDDLE = new Color(247, 247, 247);
  private static final Color HIGH = new Color(233, 158, 102);

  private static final int TICK = 15;
  private static final int LETTER = 15;

  /** Copies the lists. */
  public MatrixChart {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * Draws the matrix; sizes in pixels.
   *
   * @param low value of the first colour
   * @param high value of the last colour
   * @param format of a cell's number, for instance {@code 0.00}
   */
  public Plot plot(double low, double high, String format, int width, int height) {
    HeatMapChart chart = chart(low, high, format, width, height);
    return new Plot(width, height, graphics -> chart.paint(graphics, width, height));
  }

  /** Writes the matrix as PNG, SVG or PDF, by the file's ending; sizes in pixels. */
  public void write(Path file, double low, double high, String format, int width, int height) {
    plot(low, high, format, width, height).write(file);
  }

  private HeatMapChart chart(double low, double high, String format, int width, int height) {
    System.setProperty("java.awt.headless", "true");
    HeatMapChart chart = new HeatMapChartBuilder().title(title).width(width).height(height).build();
    ChartStyle.apply(chart.getStyler());
    chart
        .getStyler()
        .setShowValue(true)
        .setHeatMapValueDecimalPattern(format)
        .setMin(low)
        .setMax(high)
        .setRangeColors(new Color[] {LOW, MIDDLE, HIGH})
        .setValueFont(ChartStyle.font(Font.PLAIN, 17));
    chart.getStyler().setLegendVisible(false).setPlotContentSize(1);
    // Without this, XChart leaves out names where cells are narrow.
    chart.getStyler().setXAxisTickMarkSpacingHint(TICK).setYAxisTickMarkSpacingHint(TICK);
    int longest = columns.stream().mapToInt(String::length).max().orElse(0);
    boolean crowded = longest * columns.size() * LETTER > width;
    chart.getStyler().setXAxisLabelRotation(crowded ? 60 : 0);
    chart.addSeries("cells", columns, rows, cells());
    return chart;
  }

  /** Cells as XChart expects them: {column, row, value}. */
  private List<Number[]> cells() {
    List<Number[]> cells = new ArrayList<>();
    for (int row = 0; row < values.length; row++) {
      for (int column = 0; column < values[row].length; column++) {
        if (Double.isFinite(values[row][column])) {
          cells.add(new Number[] {column, row, values[row][column]});
        }
      }
    }
    return cells;
  }
}
