package dev.hbar.study.report.page;

import dev.hbar.study.plot.Plot;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A plot as an element of a page, in the colours of the page: its white ground is gone, and ink,
 * grid and series are the page's own, so that it is as good on a dark ground as on a white one.
 */
final class ThemedSvg {
  private static final Pattern COLOUR = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");
  private static final Pattern OPENING = Pattern.compile("^.*?<svg [^>]*>", Pattern.DOTALL);
  private static final Pattern CLIP = Pattern.compile("\\bclip(\\d+)\\b");

  /** The middle of a heat map's colours: its cells are as much of a colour as they are off it. */
  private static final double PALE = 247;

  private static final Map<String, String> PAGE =
      Map.ofEntries(
          Map.entry("255,255,255", "var(--card)"),
          Map.entry("0,0,0", "var(--ink)"),
          Map.entry("64,64,64", "var(--ink)"),
          Map.entry("110,110,110", "var(--soft)"),
          Map.entry("128,128,128", "var(--soft)"),
          Map.entry("130,130,130", "var(--soft)"),
          Map.entry("232,232,232", "var(--line)"),
          Map.entry("0,114,178", "var(--c0)"),
          Map.entry("213,94,0", "var(--c1)"),
          Map.entry("0,158,115", "var(--c2)"),
          Map.entry("204,121,167", "var(--c3)"),
          Map.entry("86,180,233", "var(--c5)"),
          Map.entry("230,159,0", "var(--c4)"));

  /** From this width on a picture has a row of its own. */
  private static final int WIDE = 900;

  /** A picture's letters, 15 pixels and more, can be read down to this share of their size. */
  private static final double READABLE = 0.62;

  private ThemedSvg() {}

  /**
   * The element.
   *
   * @param id of the element
   * @param number of the picture on its page; what it refers to inside itself is named by it
   * @param caption for those who do not see it
   */
  static String of(Plot plot, String id, int number, String caption) {
    String svg = new String(plot.svg(), StandardCharsets.UTF_8);
    String opening =
        "<svg id=\"%s\"%s style=\"--least: %spx\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
            .formatted(
                HtmlPage.escaped(id),
                plot.width() >= WIDE ? " class=\"wide\"" : "",
                Math.round(READABLE * plot.width()),
                plot.width(),
                plot.height(),
                HtmlPage.escaped(caption));
    String named = CLIP.matcher(svg).replaceAll("clip" + number + "-$1");
    String themed =
        OPENING
            .matcher(COLOUR.matcher(named).replaceAll(ThemedSvg::ofPage))
            .replaceFirst(Matcher.quoteReplacement(opening))
            .strip();
    int end = themed.lastIndexOf("</svg>");
    return themed.substring(0, end) + marks(plot) + themed.substring(end);
  }

  /** Circles that are seen under the pointer, and say what stands there. */
  private static String marks(Plot plot) {
    return plot.marks().get().stream()
        .map(
            mark ->
                String.format(
                    Locale.ROOT,
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"7\"><title>%s</title></circle>\n",
                    mark.x(),
                    mark.y(),
                    HtmlPage.escaped(mark.words())))
        .collect(Collectors.joining());
  }

  private static String ofPage(MatchResult colour) {
    String known =
        PAGE.get("%s,%s,%s".formatted(colour.group(1), colour.group(2), colour.group(3)));
    if (known != null) {
      return known;
    }
    int red = Integer.parseInt(colour.group(1));
    int blue = Integer.parseInt(colour.group(3));
    long share = Math.clamp(Math.round(100 * (1 - Math.min(red, blue) / PALE)), 0, 100);
    return "color-mix(in srgb, var(--c%s) %s%%, var(--card))".formatted(red < blue ? 0 : 1, share);
  }
}
