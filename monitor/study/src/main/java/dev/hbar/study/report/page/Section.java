package dev.hbar.study.report.page;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * A part of the report.
 *
 * @param title its heading
 * @param words paragraphs: what is shown, and what it cannot say
 * @param pictures in their order
 * @param tables in their order
 */
record Section(String title, List<String> words, List<Picture> pictures, List<Table> tables) {
  /** Copies the lists. */
  Section {
    words = List.copyOf(words);
    pictures = List.copyOf(pictures);
    tables = List.copyOf(tables);
  }

  /**
   * A picture.
   *
   * @param id name of its PNG without the ending
   * @param caption what one sees
   */
  record Picture(String id, String caption, BufferedImage image) {}

  /**
   * A table of texts and numbers.
   *
   * @param id name of its CSV without the ending
   * @param caption what the figures are
   * @param source the command that prints the same figures from a score file
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
  }
}
