package dev.hbar.study.report.page;

import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.Panel.Row;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Small pictures of areas with their intervals, all on one axis, so that they can be compared.
 *
 * @param low where the axis begins, a tenth
 * @param high where it ends, a tenth
 */
record PanelChart(double low, double high) {
  private static final double CHANCE = 0.5;
  private static final int WIDTH = 320;
  private static final int SIDE = 6;
  private static final int ROW = 34;
  private static final int AXIS = 20;
  private static final int LONGEST = 42;

  /** An axis that holds chance, all areas and all intervals. */
  static PanelChart over(List<Panel> panels) {
    double[] ends =
        panels.stream()
            .flatMap(panel -> panel.rows().stream())
            .flatMapToDouble(
                row ->
                    row.interval()
                        .map(i -> DoubleStream.of(i.low(), i.high(), row.area()))
                        .orElse(DoubleStream.of(row.area())))
            .toArray();
    double least = DoubleStream.of(ends).min().orElse(CHANCE);
    double most = DoubleStream.of(ends).max().orElse(CHANCE);
    return new PanelChart(
        Math.floor(10 * Math.min(0.4, least)) / 10, Math.ceil(10 * Math.max(0.7, most)) / 10);
  }

  /** The picture of a panel with its title. */
  String figure(Panel panel) {
    int bottom = ROW * panel.rows().size();
    StringBuilder svg = new StringBuilder();
    line(svg, "grid", low, 0, low, bottom);
    line(svg, "grid", high, 0, high, bottom);
    number(svg, low, bottom, "start");
    number(svg, CHANCE, bottom, "middle");
    number(svg, high, bottom, "end");
    for (int i = 0; i < panel.rows().size(); i++) {
      row(svg, panel.rows().get(i), i * ROW);
    }
    return form(
        "<figure class=\"panel\"><figcaption><b>%s</b> %s</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n%s</svg></figure>\n",
        HtmlPage.escaped(panel.title()),
        HtmlPage.escaped(panel.about()),
        WIDTH,
        bottom + AXIS,
        HtmlPage.escaped("AUROC, " + panel.title()),
        svg);
  }

  private void row(StringBuilder svg, Row row, int top) {
    String colour = row.baseline() ? "6" : "0";
    String value = NumberText.three(row.area());
    String all = row.interval().map(i -> value + " " + NumberText.interval(i)).orElse(value);
    svg.append(
        form(
            "<g><title>%s</title><rect class=\"hit\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
            HtmlPage.escaped(row.name() + ": " + all), top, WIDTH, ROW));
    line(svg, "guide", CHANCE, top + 18, CHANCE, top + ROW - 4);
    svg.append(text(SIDE, top + 14, "start", shortened(row.name())));
    svg.append(text(WIDTH - SIDE, top + 14, "end", value));
    int at = top + 24;
    row.interval()
        .ifPresent(i -> line(svg, "c" + colour, clamped(i.low()), at, clamped(i.high()), at));
    svg.append(
        form(
            "<circle class=\"f%s\" cx=\"%.1f\" cy=\"%d\" r=\"4.5\"/></g>\n",
            colour, across(row.area()), at));
  }

  /** What fits beside the figure; the whole is said on hover. */
  private static String shortened(String name) {
    return name.length() > LONGEST ? name.substring(0, LONGEST - 1) + "…" : name;
  }

  private double clamped(double value) {
    return Math.clamp(value, low, high);
  }

  private double across(double value) {
    return SIDE + (value - low) / (high - low) * (WIDTH - 2 * SIDE);
  }

  private void line(StringBuilder svg, String style, double fromX, int fromY, double toX, int toY) {
    svg.append(
        form(
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
            style, across(fromX), fromY, across(toX), toY));
  }

  private void number(StringBuilder svg, double value, int bottom, String anchor) {
    svg.append(
        form(
            "<text class=\"soft\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%.1f</text>\n",
            across(value), bottom + 15, anchor, value));
  }

  private static String text(int across, int down, String anchor, String text) {
    return form(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
        across, down, anchor, HtmlPage.escaped(text));
  }

  private static String form(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
