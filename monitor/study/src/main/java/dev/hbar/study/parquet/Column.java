package dev.hbar.study.parquet;

import java.io.IOException;
import java.util.List;

/** A column of a table. The arrays are not to be changed. */
public sealed interface Column {
  /** What readers call it. */
  String name();

  /** One text per row. */
  record Texts(String name, List<String> values) implements Column {
    /** Copies the list. */
    public Texts {
      values = List.copyOf(values);
    }
  }

  /** One number per row, 64 bits; NaN where there is none. */
  record Numbers(String name, double[] values) implements Column {}

  /** One whole number per row, 32 bits. */
  record Counts(String name, int[] values) implements Column {}

  /**
   * A list of numbers per row, all of one length, 32 bits each.
   *
   * @param width of the lists
   * @param source gives them, row by row
   */
  record Vectors(String name, int width, Source source) implements Column {}

  /** Gives all rows of a column, one after the other, so that no more than one is in memory. */
  interface Source {
    /** Hands each row to a target. */
    void to(Target target) throws IOException;
  }

  /** Takes the rows of a column. */
  interface Target {
    /** Takes one, which the source may use again. */
    void take(float[] row) throws IOException;
  }
}
