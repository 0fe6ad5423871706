package dev.hbar.model.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;

/**
 * Which token every column of a buffer holds, for every row, and where the next columns go. Rows of
 * a batch have different lengths: a shorter row has padding to the left of each piece that was
 * appended, and its positions do not count it.
 *
 * <p>With a window, a query sees its own and the {@code window - 1} positions before it, or those
 * of its chunk. Columns are appended while there are no more than that; then a single one takes the
 * place of the oldest, which nobody sees any more, and a longer piece goes behind what its first
 * query sees. So a buffer never holds more than {@code window - 1} columns and one piece.
 */
final class RowLayout {
  /** No token: padding. */
  static final int NONE = -1;

  private final Reach reach;
  private final int[] tokens;
  private final int[] blanks;
  private final int[][] positions;
  private int columns;
  private int oldest;
  private int start;
  private int end;
  private Placement placement = new Placement.InPlace();

  /** Columns [from, to) of one row. */
  record Run(int from, int to) {}

  /** What becomes of the columns so far when others are appended. */
  sealed interface Placement {
    /** They stay; the new ones go to free columns or in place of the oldest. */
    record InPlace() implements Placement {}

    /**
     * Of each row its runs are kept, right-aligned to {@code width} columns, and the new ones
     * follow.
     */
    record Anew(List<List<Run>> kept, int width) implements Placement {}
  }

  RowLayout(int rows, Reach reach) {
    this.reach = reach;
    this.tokens = new int[rows];
    this.blanks = new int[rows];
    this.positions = new int[rows][0];
  }

  int rows() {
    return tokens.length;
  }

  Reach reach() {
    return reach;
  }

  /** Columns in use, padding included. */
  int columns() {
    return columns;
  }

  /** The first of the columns that were appended last. */
  int start() {
    return start;
  }

  /** The column behind those that were appended last. */
  int end() {
    return end;
  }

  /** Tokens of one row, which is also the position of its next token. */
  int tokens(int row) {
    return tokens[row];
  }

  /** The position of the token in a column, or {@link #NONE}. */
  int position(int row, int column) {
    return positions[row][column];
  }

  /** True when every column of every row holds a token: then a mask is the same for all rows. */
  boolean isFull() {
    return Arrays.stream(blanks).allMatch(count -> count == 0);
  }

  /** True when a query at the end sees every column. */
  boolean isAllSeen() {
    return isFull() && columns <= reach.size() && (!reach.chunked() || isOneChunk());
  }

  private boolean isOneChunk() {
    for (int row = 0; row < tokens.length; row++) {
      if (!reach.sees(tokens[row] - 1, positions[row][oldest])) {
        return false;
      }
    }
    return true;
  }

  /** Where the columns that were appended last have gone. */
  Placement placement() {
    return placement;
  }

  /** Adds {@code count} columns; the first {@code padding[row]} of them hold no token. */
  void append(int count, int[] padding) {
    placement = new Placement.InPlace();
    if (count == 1 && columns == reach.size() && oldestIsUnseen()) {
      dropOldest();
    } else {
      if (columns + count > reach.size()) {
        placement = keepSeen();
      }
      start = columns;
      columns += count;
    }
    end = start + count;
    for (int row = 0; row < tokens.length; row++) {
      fill(row, count, padding[row]);
    }
  }

  private boolean oldestIsUnseen() {
    for (int row = 0; row < tokens.length; row++) {
      if (isSeen(row, positions[row][oldest])) {
        return false;
      }
    }
    return true;
  }

  /** Whether a row's next token sees a position. */
  private boolean isSeen(int row, int position) {
    return position != NONE && reach.sees(tokens[row], position);
  }

  private void dropOldest() {
    for (int row = 0; row < tokens.length; row++) {
      blanks[row] -= positions[row][oldest] == NONE ? 1 : 0;
    }
    start = oldest;
    oldest = (oldest + 1) % reach.size();
  }

  private Placement keepSeen() {
    List<List<Run>> kept = new ArrayList<>();
    for (int row = 0; row < tokens.length; row++) {
      kept.add(seen(row));
    }
    int width = kept.stream().mapToInt(RowLayout::length).max().orElse(0);
    for (int row = 0; row < tokens.length; row++) {
      align(row, length(kept.get(row)), width);
    }
    columns = width;
    oldest = 0;
    return new Placement.Anew(kept, width);
  }

  /**
   * Whether the tokens of one row from position {@code length} on can be taken back: the columns
   * lie in the order of their tokens, without padding, and hold all that the token there sees.
   */
  boolean canTrim(int length) {
    boolean ordered = rows() == 1 && isFull() && oldest == 0;
    return ordered
        && length <= tokens[0]
        && first() <= length - reach.seen(length)
        && first() <= length;
  }

  /** Takes them back; see {@link #canTrim}. */
  void trim(int length) {
    columns = length - first();
    tokens[0] = length;
    placement = new Placement.InPlace();
  }

  /** The position in the first column, of one row that is in order. */
  private int first() {
    return tokens[0] - columns;
  }

  /** The columns that a row's next token sees, in the order of their tokens. */
  List<Run> seen(int row) {
    LinkedList<Run> runs = new LinkedList<>();
    for (int back = 1; back <= columns; back++) {
      int column = (oldest + columns - back) % columns;
      if (!isSeen(row, positions[row][column])) {
        continue;
      }
      if (!runs.isEmpty() && runs.getFirst().from() == column + 1) {
        runs.addFirst(new Run(column, runs.removeFirst().to()));
      } else {
        runs.addFirst(new Run(column, column + 1));
      }
    }
    return List.copyOf(runs);
  }

  static int length(List<Run> runs) {
    return runs.stream().mapToInt(run -> run.to() - run.from()).sum();
  }

  /** The last {@code count} tokens of a row fill the end of {@code width} columns. */
  private void align(int row, int count, int width) {
    positions[row] = new int[width];
    Arrays.fill(positions[row], NONE);
    for (int back = 1; back <= count; back++) {
      positions[row][width - back] = tokens[row] - back;
    }
    blanks[row] = width - count;
  }

  private void fill(int row, int count, int padding) {
    int size = positions[row].length;
    if (size < columns) {
      positions[row] = Arrays.copyOf(positions[row], Math.max(columns, 2 * size));
    }
    for (int i = 0; i < count; i++) {
      positions[row][start + i] = i < padding ? NONE : tokens[row]++;
    }
    blanks[row] += padding;
  }

  /**
   * Rows that continue others, {@code sources[i]} of layout i: what they see, right-aligned to the
   * longest.
   */
  static RowLayout stacked(List<RowLayout> layouts, int[] sources) {
    RowLayout stacked = new RowLayout(sources.length, layouts.getFirst().reach);
    int[] lengths = new int[sources.length];
    Arrays.setAll(lengths, i -> length(layouts.get(i).seen(sources[i])));
    stacked.columns = Arrays.stream(lengths).max().orElse(0);
    for (int i = 0; i < sources.length; i++) {
      stacked.tokens[i] = layouts.get(i).tokens[sources[i]];
      stacked.align(i, lengths[i], stacked.columns);
    }
    return stacked;
  }

  /** One row of so many tokens, of which it holds what its next token sees, in order. */
  static RowLayout restored(Reach reach, int tokens) {
    RowLayout restored = new RowLayout(1, reach);
    restored.tokens[0] = tokens;
    restored.columns = reach.seen(tokens);
    restored.align(0, restored.columns, restored.columns);
    return restored;
  }

  /** These rows, in this order, their columns where they are. */
  RowLayout retained(int[] rows) {
    RowLayout retained = new RowLayout(rows.length, reach);
    for (int i = 0; i < rows.length; i++) {
      retained.tokens[i] = tokens[rows[i]];
      retained.blanks[i] = blanks[rows[i]];
      retained.positions[i] = positions[rows[i]].clone();
    }
    retained.columns = columns;
    retained.oldest = oldest;
    retained.start = start;
    retained.end = end;
    return retained;
  }
}
