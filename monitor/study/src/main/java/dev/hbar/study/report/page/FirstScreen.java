package dev.hbar.study.report.page;

import dev.hbar.study.report.NumberText;
import dev.hbar.study.statistics.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  /**
   * Areas on one set of answers.
   *
   * @param title of the set
   * @param about how many answers it has
   * @param rows signals or detectors, then what they are compared with
   */
  record Panel(String title, String about, List<Row> rows) {
    /** Copies the list. */
    Panel {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A row of a panel.
   *
   * @param area an AUROC
   * @param baseline whether it knows nothing of the model
   */
  record Row(String name, double area, Optional<Interval> interval, boolean baseline) {}

  /** As the head of the page; {@code lead} explains how the rest of it is used. */
  String html(String lead) {
    StringBuilder html = new StringBuilder("<header id=\"top\">\n<p class=\"about\">");
    html.append(HtmlPage.escaped(about))
        .append("</p>\n<h1>")
        .append(HtmlPage.escaped(verdict))
        .append("</h1>\n");
    words.forEach(each -> html.append(HtmlPage.paragraph(each)));
    html.append("<div class=\"figures\">\n");
    figures.forEach(figure -> html.append(figure(figure)));
    html.append("</div>\n");
    if (!panels.isEmpty()) {
      html.append("<p class=\"key\">").append(HtmlPage.escaped(key)).append("</p>\n");
      html.append("<div class=\"panels\">\n");
      PanelChart chart = PanelChart.over(panels);
      panels.forEach(panel -> html.append(chart.figure(panel)));
      html.append("</div>\n");
    }
    return html.append("<p class=\"lead\">")
        .append(HtmlPage.escaped(lead))
        .append("</p></header>\n")
        .toString();
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
