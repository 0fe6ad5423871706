package dev.hbar.study.report.page;

import dev.hbar.study.parquet.Column;
import dev.hbar.study.plot.Plot;
import dev.hbar.study.report.GradeText;
import dev.hbar.study.statistics.GradeAgreement;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/**
 * One self-contained HTML page: pictures, style and a script that sorts tables inline, no network.
 * Without the script all is there too.
 */
final class HtmlPage {
  /** A table with more rows is collapsed. */
  private static final int LONG = 15;

  /** A cell with more characters keeps a width in which it can be read. */
  private static final int WORDS = 24;

  private final StringBuilder html = new StringBuilder();
  private int pictures;

  /**
   * The HTML of the page.
   *
   * @param title of the window
   * @param first what is seen first
   * @param lead how the page is used
   */
  String render(String title, FirstScreen first, String lead, List<Section> sections) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(escaped(title))
        .append("</title><link rel=\"icon\" href=\"data:,\"><style>\n")
        .append(resource("page.css"))
        .append("</style></head>\n<body><nav aria-label=\"Sections\">")
        .append("<a href=\"#top\">At a glance</a> ");
    for (int i = 0; i < sections.size(); i++) {
      html.append("<a href=\"#s%s\">%s</a> ".formatted(i, escaped(sections.get(i).title())));
    }
    html.append("</nav>\n").append(first.html(lead)).append("<main>\n");
    for (int i = 0; i < sections.size(); i++) {
      section(i, sections.get(i));
    }
    return html.append("</main>\n<script>\n")
        .append(resource("page.js"))
        .append("</script></body></html>\n")
        .toString();
  }

  /** A paragraph, marked if it is a warning. */
  static String paragraph(String text) {
    return (text.startsWith("Warning: ") ? "<p class=\"warning\">" : "<p>")
        + escaped(text)
        + "</p>\n";
  }

  private void section(int number, Section section) {
    html.append("<section id=\"s%s\"><h2>%s</h2>\n".formatted(number, escaped(section.title())));
    section.paragraphs().forEach(each -> html.append(paragraph(each)));
    if (!section.pictures().isEmpty() || !section.drawings().isEmpty()) {
      html.append("<div class=\"pictures\">\n");
      for (Section.Picture each : section.pictures()) {
        String svg = ThemedSvg.of(each.plot(), each.id(), pictures++, each.caption());
        figure("plot", svg, each.caption());
      }
      section.drawings().forEach(each -> figure("drawing", each.svg(), each.caption()));
      html.append("</div>\n");
    }
    section.tables().forEach(this::table);
    html.append("</section>\n");
  }

  /** A drawing as a document of its own, in the colours of a light page. */
  static String alone(Section.Drawing drawing) {
    String style =
        resource("page.css")
            .lines()
            .filter(line -> !line.startsWith("@media (prefers-color-scheme"))
            .collect(Collectors.joining("\n"));
    return drawing
        .svg()
        .replaceFirst("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" ")
        .replaceFirst(">", "><style>" + Matcher.quoteReplacement(style) + "</style>");
  }

  private void figure(String kind, String svg, String caption) {
    html.append("<figure class=\"%s\">".formatted(kind))
        .append(svg)
        .append("<figcaption>")
        .append(escaped(caption))
        .append("</figcaption></figure>\n");
  }

  private void table(Section.Table table) {
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
        .append(
            "<details class=\"command\"><summary>the command that gives these figures</summary><pre>")
        .append(escaped(table.source()))
        .append("</pre></details></div>\n");
  }

  private static String cell(String text) {
    String kind = "";
    if (text.matches("[0-9a-f]{64}")) {
      kind = " class=\"hash\"";
    } else if (text.matches("[-+<\\[0-9].*[0-9\\]]|[0-9]")) {
      kind = " class=\"number\"";
    } else if (text.length() > WORDS) {
      kind = " class=\"words\"";
    }
    return "<td" + kind + ">" + escaped(text) + "</td>";
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * A section of the report.
   *
   * @param title heading
   * @param paragraphs what is shown, and what it does not show
   * @param pictures in their order
   * @param drawings in their order
   * @param tables in their order
   */
  record Section(
      String title,
      List<String> paragraphs,
      List<Picture> pictures,
      List<Drawing> drawings,
      List<Table> tables) {
    /** Copies the lists. */
    Section {
      paragraphs = List.copyOf(paragraphs);
      drawings = List.copyOf(drawings);
      pictures = List.copyOf(pictures);
      tables = List.copyOf(tables);
    }

    Section(String title, List<String> paragraphs, List<Picture> pictures, List<Table> tables) {
      this(title, paragraphs, pictures, List.of(), tables);
    }

    /**
     * A vector picture in the page's colours.
     *
     * @param caption what it shows
     * @param svg the element
     */
    record Drawing(String caption, String svg) {}

    /**
     * A picture.
     *
     * @param id name of its SVG and PNG files without the extension
     * @param caption what it shows
     */
    record Picture(String id, String caption, Plot plot) {}

    /**
     * A table of texts and numbers.
     *
     * @param id name of its CSV file without the extension
     * @param caption what the figures are
     * @param source shell commands that print the same figures from the score files
     * @param columns headings
     * @param rows texts or numbers, as many as columns
     */
    record Table(
        String id, String caption, String source, List<String> columns, List<List<Object>> rows) {
      /** Copies the lists. */
      Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
      }

      /**
       * How scores go with graded labels.
       *
       * @param answers whose labels they are
       * @param graded at least one, all on these answers
       */
      static Table ofGrades(String id, String answers, String source, List<GradeAgreement> graded) {
        return new Table(
            id,
            "Graded labels, "
                + answers
                + ": how often the answer with the higher of two grades scores higher",
            source,
            GradeText.columns(graded),
            graded.stream().map(one -> List.<Object>copyOf(GradeText.row(one))).toList());
      }

      /** The table's columns; one of numbers alone stays one of numbers. */
      List<Column> parquet() {
        List<Column> typed = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
          int column = i;
          String name = distinct(i);
          List<Object> cells = rows.stream().map(row -> row.get(column)).toList();
          typed.add(
              cells.stream().allMatch(Number.class::isInstance)
                  ? new Column.Numbers(
                      name,
                      cells.stream().mapToDouble(cell -> ((Number) cell).doubleValue()).toArray())
                  : new Column.Texts(name, cells.stream().map(Object::toString).toList()));
        }
        return typed;
      }

      /** A heading that several columns have says what it belongs to: the column before it. */
      private String distinct(int column) {
        String name = columns.get(column);
        return columns.indexOf(name) == columns.lastIndexOf(name)
            ? name
            : columns.get(column - 1) + " " + name;
      }

      /** The table as CSV, with its headings. */
      String csv() {
        return line(columns) + rows.stream().map(Table::line).collect(Collectors.joining());
      }

      private static String line(List<?> cells) {
        return cells.stream()
            .map(
                cell ->
                    cell instanceof Number
                        ? cell.toString()
                        : "\"" + cell.toString().replace("\"", "\"\"") + "\"")
            .collect(Collectors.joining(",", "", "\n"));
      }
    }
  }
}
