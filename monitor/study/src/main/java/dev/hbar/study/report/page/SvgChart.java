package dev.hbar.study.report.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * A chart as SVG inside a page: lines, bands, intervals and guides, coloured by the page's style,
 * with a value on hover at every mark.
 */
final class SvgChart {
  private static final int WIDTH = 460;
  private static final int LEFT = 52;
  private static final int TOP = 14;
  private static final int BOTTOM = 44;
  private static final int KEY = 18;

  /** Not more places with a value on hover than this per line. */
  private static final int MARKS = 60;

  private final StringBuilder body = new StringBuilder();
  private final List<String> key = new ArrayList<>();
  private final double[] x;
  private final double[] y;
  private final int height;

  /**
   * An empty chart.
   *
   * @param title what it shows, for those who do not see it
   * @param x lowest and highest value of the axis
   * @param y the same
   * @param height of the plot in pixels
   */
  SvgChart(String title, double[] x, double[] y, int height) {
    this.x = x.clone();
    this.y = y.clone();
    this.height = height;
    body.append("<title>").append(HtmlPage.escaped(title)).append("</title>\n");
  }

  private double left(double value) {
    return LEFT + (value - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - 10);
  }

  private double down(double value) {
    return TOP + (y[1] - value) / (y[1] - y[0]) * height;
  }

  /** Both axes with their titles; the y axis has numbers. */
  SvgChart axes(String xTitle, String yTitle) {
    ticks(true);
    text(LEFT, TOP + height + BOTTOM - 8, "start", xTitle);
    body.append(
        form(
            "<text class=\"axis\" transform=\"translate(12 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
            TOP + height / 2.0, HtmlPage.escaped(yTitle)));
    return this;
  }

  /** The x axis alone, for rows that have names. */
  SvgChart xAxis(String title) {
    ticks(false);
    text(LEFT, TOP + height + BOTTOM - 8, "start", title);
    return this;
  }

  private void ticks(boolean both) {
    Ticks across = Ticks.of(x);
    for (double value : across.values()) {
      line("grid", left(value), TOP, left(value), TOP + height);
      text(left(value), TOP + height + 16, "middle", across.text(value));
    }
    if (both) {
      Ticks up = Ticks.of(y);
      for (double value : up.values()) {
        line("grid", LEFT, down(value), WIDTH - 10, down(value));
        text(LEFT - 6, down(value) + 4, "end", up.text(value));
      }
    }
  }

  /**
   * Numbers along an axis: multiples of 1, 2 or 5 and a power of ten, so that what is written is
   * where it stands.
   *
   * @param decimals digits that they need
   */
  record Ticks(double[] values, int decimals) {
    private static final int MOST = 6;

    /** At most seven, between these bounds. */
    static Ticks of(double[] bounds) {
      double least = (bounds[1] - bounds[0]) / MOST;
      int power = (int) Math.floor(Math.log10(least) + 1e-9);
      double unit = Math.pow(10, power);
      double times = least / unit - 1e-9;
      double step = unit * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
      long first = (long) Math.ceil(bounds[0] / step - 1e-9);
      long last = (long) Math.floor(bounds[1] / step + 1e-9);
      double[] values = LongStream.rangeClosed(first, last).mapToDouble(i -> i * step).toArray();
      return new Ticks(values, Math.max(0, -power - (times > 5 ? 1 : 0)));
    }

    String text(double value) {
      return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
  }

  /** A dashed guide, such as chance. */
  SvgChart guide(double fromX, double fromY, double toX, double toY) {
    line("guide", left(fromX), down(fromY), left(toX), down(toY));
    return this;
  }

  /**
   * A named line.
   *
   * @param colour number of the series
   * @param dashed for controls
   */
  SvgChart line(String name, double[] across, double[] up, int colour, boolean dashed) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < across.length; i++) {
      points.append(form("%.1f,%.1f ", left(across[i]), down(up[i])));
    }
    String style = "c" + colour + (dashed ? " dashed" : "");
    body.append(form("<polyline class=\"%s\" points=\"%s\"/>\n", style, points.toString().strip()));
    int step = Math.max(1, across.length / MARKS);
    for (int i = 0; i < across.length; i += step) {
      mark(colour, across[i], up[i], form("%s: %.3f, %.3f", name, across[i], up[i]), "dot");
    }
    name(name, style);
    return this;
  }

  /** The area between two curves over the same x. */
  SvgChart band(double[] across, double[] low, double[] high, int colour) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < across.length; i++) {
      points.append(form("%.1f,%.1f ", left(across[i]), down(high[i])));
    }
    for (int i = across.length - 1; i >= 0; i--) {
      points.append(form("%.1f,%.1f ", left(across[i]), down(low[i])));
    }
    body.append(
        form("<polygon class=\"f%d\" points=\"%s\"/>\n", colour, points.toString().strip()));
    return this;
  }

  /**
   * What was promised: a point.
   *
   * @param lines whether lines lead from it to both axes
   */
  SvgChart promise(double across, double up, String words, int colour, boolean lines) {
    if (lines) {
      line("guide", left(x[0]), down(up), left(across), down(up));
      line("guide", left(across), down(up), left(across), down(y[0]));
    }
    mark(colour, across, up, words, "point");
    return this;
  }

  /** A cell of a heat map, deeper in colour the farther its value is from chance, 0.5. */
  SvgChart cell(int column, int row, double value, String words) {
    double width = left(column + 1) - left(column) - 2;
    double tall = down(row) - down(row + 1) - 2;
    body.append(
        form(
            "<rect class=\"f%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" opacity=\"%.2f\"><title>%s</title></rect>\n",
            value < 0.5 ? 1 : 0,
            left(column),
            down(row + 1),
            width,
            tall,
            Math.min(0.7, 1.4 * Math.abs(value - 0.5)),
            HtmlPage.escaped(form("%s: %.3f", words, value))));
    text(left(column + 0.5), down(row + 0.5) + 4, "middle", form("%.3f", value));
    return this;
  }

  /** A row with an interval and a mark at its value, its name above it. */
  SvgChart interval(String name, double low, double value, double high, int row, int colour) {
    double at = down(row);
    text(LEFT, at - 6, "start", form("%s  %.3f", name, value));
    line("c" + colour, left(low), at, left(high), at);
    String words = form("%s %.3f [%.3f, %.3f]", name, value, low, high);
    mark(colour, value, row, words, "point");
    return this;
  }

  private void mark(int colour, double across, double up, String words, String kind) {
    body.append(
        form(
            "<circle class=\"%s f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%s</title></circle>\n",
            kind, colour, left(across), down(up), HtmlPage.escaped(words)));
  }

  private void line(String style, double fromX, double fromY, double toX, double toY) {
    body.append(
        form(
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            style, fromX, fromY, toX, toY));
  }

  private void text(double across, double down, String anchor, String text) {
    body.append(
        form(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            across, down, anchor, HtmlPage.escaped(text)));
  }

  private void name(String name, String style) {
    int at = TOP + height + BOTTOM + 8 + KEY * key.size();
    key.add(name);
    line(style, LEFT, at, LEFT + 24, at);
    text(LEFT + 32, at + 4, "start", name);
  }

  /** The SVG element. */
  String svg() {
    int all = TOP + height + BOTTOM + KEY * key.size() + (key.isEmpty() ? 0 : 4);
    return form("<svg viewBox=\"0 0 %d %d\" role=\"img\">\n%s</svg>\n", WIDTH, all, body);
  }

  private static String form(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
