package dev.hbar.study.report;

import java.util.ArrayList;
import java.util.List;

/** Lines with aligned columns, two spaces apart, left-aligned, without trailing blanks. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; every row has the same number of cells. */
  public void add(String... cells) {
    rows.add(List.of(cells));
  }

  /** All rows, each with its line end. */
  public String render() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column)).repeat(' ', 2 + width(column) - row.get(column).length());
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
