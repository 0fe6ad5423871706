package dev.hbar.study.report.page;

import dev.hbar.study.report.NumberText;
import dev.hbar.study.statistics.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a page says before anything is scrolled: a verdict in words, a few figures with their
 * intervals and what they are compared with, and a small picture per task.
 *
 * @param about what kind of page, in a few words
 * @param verdict one sentence
 * @param words what was judged, and what to know before reading on
 * @param figures at most four
 * @param key how the small pictures are read
 * @param panels one per task or set of answers, on one axis
 */
record FirstScreen(
    String about,
    String verdict,
    List<String> words,
    List<Figure> figures,
    String key,
    List<Panel> panels) {
  /** Copies the lists. */
  FirstScreen {
    words = List.copyOf(words);
    figures = List.copyOf(figures);
    panels = List.copyOf(panels);
  }

  /** Which way a verdict went; words say it too. */
  enum Tone {
    FOR,
    AGAINST,
    OPEN
  }

  /**
   * A figure that is worth large type.
   *
   * @param name of what it measures
   * @param area an AUROC
   * @param against the baseline and its figure
   * @param verdict on it
   */
  record Figure(
      String name,
      double area,
      Optional<Interval> interval,
      String against,
      String verdict,
      Tone tone) {}

  /** As the head of the page; {@code lead} explains how the rest of it is used. */
  String html(String lead) {
    PanelChart chart = PanelChart.over(panels);
    return "<header id=\"top\">\n<p class=\"about\">%s</p>\n<h1>%s</h1>\n%s<div class=\"figures\">\n%s</div>\n%s<div class=\"panels\">\n%s</div>\n<p class=\"lead\">%s</p></header>\n"
        .formatted(
            HtmlPage.escaped(about),
            HtmlPage.escaped(verdict),
            all(words, HtmlPage::paragraph),
            all(figures, FirstScreen::figure),
            panels.isEmpty() ? "" : "<p class=\"key\">" + HtmlPage.escaped(key) + "</p>\n",
            all(panels, chart::figure),
            HtmlPage.escaped(lead));
  }

  private static <T> String all(List<T> parts, Function<T, String> html) {
    return parts.stream().map(html).collect(Collectors.joining());
  }

  private static String figure(Figure figure) {
    return "<div class=\"figure %s\"><p>%s</p><p class=\"big\">%s</p><p>%s</p><p>%s</p><p class=\"judged\">%s</p></div>\n"
        .formatted(
            figure.tone().name().toLowerCase(Locale.ROOT),
            HtmlPage.escaped(figure.name()),
            NumberText.three(figure.area()),
            figure
                .interval()
                .map(i -> "AUROC, 95 % " + NumberText.interval(i))
                .orElse("AUROC, no interval"),
            HtmlPage.escaped(figure.against()),
            HtmlPage.escaped(figure.verdict()));
  }
}
