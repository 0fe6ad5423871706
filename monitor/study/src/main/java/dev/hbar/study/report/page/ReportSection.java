package dev.hbar.study.report.page;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A section of the report.
 *
 * @param title heading
 * @param paragraphs what is shown, and what it does not show
 * @param pictures in their order
 * @param tables in their order
 */
record ReportSection(
    String title, List<String> paragraphs, List<Picture> pictures, List<Table> tables) {
  /** Copies the lists. */
  ReportSection {
    paragraphs = List.copyOf(paragraphs);
    pictures = List.copyOf(pictures);
    tables = List.copyOf(tables);
  }

  /**
   * A picture.
   *
   * @param id name of its PNG file without the extension
   * @param caption what it shows
   */
  record Picture(String id, String caption, BufferedImage image) {}

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
