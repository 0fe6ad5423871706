package dev.hbar.study.report.page;

import dev.hbar.study.report.page.ReportSection.Picture;
import dev.hbar.study.report.page.ReportSection.Table;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/** One self-contained HTML page: pictures inline, no script, no network. */
final class HtmlPage {
  /** A table with more rows is collapsed. */
  private static final int LONG = 15;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #8884; --soft: #8881; }
      body { font: 17px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1.5rem; }
      h1 { font-size: clamp(1.4rem, 5vw, 2.2rem); line-height: 1.2; overflow-wrap: anywhere; } h2 { border-top: 1px solid var(--line); margin-top: 3rem; padding-top: 1.5rem; }
      p { max-width: 48rem; } .warning { border-left: 4px solid #d55e00; padding-left: .8rem; }
      .pictures { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); }
      figure { margin: 0; }
      img { background: white; border: 1px solid var(--line); height: auto; max-width: 100%; }
      figcaption, caption, summary { color: #777; font-size: .9rem; text-align: left; padding: .3rem 0; }
      .table { overflow-x: auto; margin: 1.5rem 0; }
      table { border-collapse: collapse; font-size: .88rem; }
      th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
      td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
      td.hash { font-family: ui-monospace, monospace; font-size: .75rem; max-width: 12rem; overflow-wrap: anywhere; }
      pre { background: var(--soft); font-size: .78rem; overflow-x: auto; padding: .6rem; white-space: pre-wrap; }
      nav a { margin-right: 1rem; } @media print { h2 { break-before: page; } nav { display: none; } }
      """;

  private final StringBuilder html = new StringBuilder();

  /** The HTML of the page. */
  String render(String title, String lead, List<ReportSection> sections) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(escaped(title))
        .append("</title><link rel=\"icon\" href=\"data:,\"><style>\n")
        .append(STYLE)
        .append("</style></head>\n<body><h1>")
        .append(escaped(title))
        .append("</h1>\n<p>")
        .append(escaped(lead))
        .append("</p>\n<nav>");
    for (int i = 0; i < sections.size(); i++) {
      html.append("<a href=\"#s%s\">%s</a> ".formatted(i, escaped(sections.get(i).title())));
    }
    html.append("</nav>\n");
    for (int i = 0; i < sections.size(); i++) {
      section(i, sections.get(i));
    }
    return html.append("</body></html>\n").toString();
  }

  private void section(int number, ReportSection section) {
    html.append("<h2 id=\"s%s\">%s</h2>\n".formatted(number, escaped(section.title())));
    for (String paragraph : section.paragraphs()) {
      boolean warning = paragraph.startsWith("Warning: ");
      html.append(warning ? "<p class=\"warning\">" : "<p>")
          .append(escaped(paragraph))
          .append("</p>\n");
    }
    if (!section.pictures().isEmpty()) {
      html.append("<div class=\"pictures\">\n");
      section.pictures().forEach(this::picture);
      html.append("</div>\n");
    }
    section.tables().forEach(this::table);
  }

  private void picture(Picture picture) {
    html.append(
            "<figure><img id=\"%s\" alt=\"%s\" width=\"%s\" height=\"%s\" src=\"data:image/png;base64,"
                .formatted(
                    escaped(picture.id()),
                    escaped(picture.caption()),
                    picture.image().getWidth(),
                    picture.image().getHeight()))
        .append(Base64.getEncoder().encodeToString(png(picture.image())))
        .append("\"><figcaption>")
        .append(escaped(picture.caption()))
        .append("</figcaption></figure>\n");
  }

  private void table(Table table) {
    boolean folded = table.rows().size() > LONG;
    String caption = escaped(table.caption());
    html.append("<div class=\"table\">")
        .append(
            folded
                ? "<details><summary>%s, %s rows</summary>".formatted(caption, table.rows().size())
                : "")
        .append("<table id=\"")
        .append(escaped(table.id()))
        .append("\"><caption>")
        .append(folded ? "" : caption)
        .append("</caption><thead><tr>");
    table.columns().forEach(column -> html.append("<th>").append(escaped(column)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (List<Object> row : table.rows()) {
      html.append("<tr>");
      row.forEach(cell -> html.append(cell(cell.toString())));
      html.append("</tr>\n");
    }
    html.append("</tbody></table>\n")
        .append(folded ? "</details>" : "")
        .append("<pre>")
        .append(escaped(table.source()))
        .append("</pre></div>\n");
  }

  private static String cell(String text) {
    String kind = "";
    if (text.matches("[0-9a-f]{64}")) {
      kind = " class=\"hash\"";
    } else if (text.matches("[-+<\\[0-9].*[0-9\\]]|[0-9]")) {
      kind = " class=\"number\"";
    }
    return "<td" + kind + ">" + escaped(text) + "</td>";
  }

  static byte[] png(BufferedImage image) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
