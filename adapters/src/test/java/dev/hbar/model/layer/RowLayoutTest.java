package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.layer.RowLayout.Placement;
import dev.hbar.model.layer.RowLayout.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowLayoutTest {
  private static final int UNWRITTEN = -2;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8, 17, Integer.MAX_VALUE})
  void anyPieces_leaveWhatEveryQuerySees(int window) {
    requireHeld(Reach.window(window));
    requireHeld(new Reach(window, true));
  }

  private static void requireHeld(Reach reach) {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Batch batch = new Batch(1 + random.nextInt(4), reach);
      for (int step = 0; step < 30; step++) {
        batch = batch.afterRandomChange(random);
        batch.requireWindowsHeld("seed " + seed + " step " + step);
      }
    }
  }

  @Test
  void singleColumnsPastTheWindow_takeTheOldestOnesPlace() {
    RowLayout layout = new RowLayout(2, Reach.window(4));
    for (int step = 0; step < 11; step++) {
      layout.append(1, new int[2]);
      assertInstanceOf(Placement.InPlace.class, layout.placement(), "step " + step);
      assertEquals(step % 4, layout.start());
      assertEquals(Math.min(step + 1, 4), layout.columns());
      assertTrue(layout.isAllSeen());
    }
  }

  @Test
  void paddingBetweenTokens_isGivenUpOnceTheWindowIsReached() {
    RowLayout layout = new RowLayout(2, Reach.window(8));
    layout.append(4, new int[] {0, 2});
    layout.append(4, new int[] {3, 0});
    assertEquals(8, layout.columns());
    layout.append(1, new int[2]);
    assertEquals(7, layout.columns(), "six tokens of the longer row, and the new one");
    assertEquals(5, layout.tokens(0) - 1);
    layout.append(1, new int[2]);
    layout.append(1, new int[2]);
    layout.append(1, new int[2]);
    assertEquals(8, layout.columns());
    assertTrue(layout.isAllSeen(), "the shorter row has eight tokens by now");
  }

  @Test
  void longPieces_holdNoMoreThanTheWindowAndThemselves() {
    RowLayout layout = new RowLayout(1, Reach.window(8));
    for (int piece = 0; piece < 4; piece++) {
      layout.append(20, new int[1]);
      assertEquals(piece == 0 ? 20 : 27, layout.columns());
    }
    layout.append(1, new int[1]);
    assertEquals(8, layout.columns());
  }

  /** Each token sees itself and the three before it, and positions 3 to 8 are held. */
  @Test
  void windowThatWentOn_goesBackAsFarAsItHoldsWhatIsSeenThere() {
    RowLayout layout = new RowLayout(1, Reach.window(4));
    layout.append(6, new int[1]);
    assertTrue(layout.canTrim(0), "nothing was let go of");
    layout.append(3, new int[1]);
    assertEquals(6, layout.columns());
    assertTrue(layout.canTrim(9));
    assertTrue(layout.canTrim(6), "it needs 3, 4 and 5");
    assertFalse(layout.canTrim(5), "it needs 2");
    assertFalse(layout.canTrim(10), "there are nine");
    layout.trim(6);
    assertEquals(3, layout.columns());
    assertEquals(6, layout.tokens(0));
    layout.append(1, new int[1]);
    assertEquals(6, layout.position(0, layout.start()));
  }

  @Test
  void severalRowsOrAWindowThatTurned_doNotGoBack() {
    RowLayout two = new RowLayout(2, Reach.window(4));
    two.append(3, new int[2]);
    assertFalse(two.canTrim(2));
    RowLayout turned = new RowLayout(1, Reach.window(2));
    for (int step = 0; step < 3; step++) {
      turned.append(1, new int[1]);
    }
    assertFalse(turned.canTrim(3), "the newest column stands before the older one");
  }

  /** A layout, and the position of the token that a buffer which follows it would hold. */
  private static final class Batch {
    private final RowLayout layout;
    private int[][] buffer;
    private int last;

    private Batch(RowLayout layout) {
      this.layout = layout;
      this.buffer = new int[layout.rows()][layout.columns()];
    }

    Batch(int rows, Reach reach) {
      this(new RowLayout(rows, reach));
    }

    Batch afterRandomChange(Random random) {
      return switch (random.nextInt(12)) {
        case 0 -> stacked(random);
        case 1 -> retained(random);
        case 2, 3, 4 -> appended(1 + random.nextInt(12), random);
        default -> appended(1, new int[layout.rows()]);
      };
    }

    private Batch appended(int count, Random random) {
      int[] padding = new int[layout.rows()];
      if (random.nextBoolean()) {
        Arrays.setAll(padding, row -> random.nextInt(count + 1));
      }
      return appended(count, padding);
    }

    private Batch appended(int count, int[] padding) {
      int[] first = new int[layout.rows()];
      Arrays.setAll(first, layout::tokens);
      layout.append(count, padding);
      if (layout.placement() instanceof Placement.Anew anew) {
        for (int row = 0; row < buffer.length; row++) {
          buffer[row] = aligned(buffer[row], anew.kept().get(row), anew.width());
        }
      }
      for (int row = 0; row < buffer.length; row++) {
        int end = Math.max(buffer[row].length, layout.start() + count);
        buffer[row] = Arrays.copyOf(buffer[row], end);
        for (int i = 0; i < count; i++) {
          int position = i < padding[row] ? RowLayout.NONE : first[row] + i - padding[row];
          buffer[row][layout.start() + i] = position;
        }
      }
      last = count;
      return this;
    }

    private static int[] aligned(int[] row, List<Run> runs, int width) {
      int[] aligned = new int[width];
      Arrays.fill(aligned, UNWRITTEN);
      int at = width - RowLayout.length(runs);
      for (Run run : runs) {
        System.arraycopy(row, run.from(), aligned, at, run.to() - run.from());
        at += run.to() - run.from();
      }
      return aligned;
    }

    private Batch stacked(Random random) {
      int[] rows = random.ints(1 + random.nextInt(4), 0, layout.rows()).toArray();
      List<RowLayout> layouts = Arrays.stream(rows).mapToObj(row -> layout).toList();
      Batch stacked = new Batch(RowLayout.stacked(layouts, rows));
      for (int i = 0; i < rows.length; i++) {
        stacked.buffer[i] =
            aligned(buffer[rows[i]], layout.seen(rows[i]), stacked.layout.columns());
      }
      return stacked;
    }

    private Batch retained(Random random) {
      int[] rows = random.ints(1 + random.nextInt(4), 0, layout.rows()).toArray();
      Batch retained = new Batch(layout.retained(rows));
      Arrays.setAll(retained.buffer, i -> buffer[rows[i]].clone());
      retained.last = last;
      return retained;
    }

    /** Every new query's window is there once, and the layout says so. */
    void requireWindowsHeld(String where) {
      int size = layout.reach().size();
      int bound = Math.max(size, size - 1 + last);
      assertTrue(size == Integer.MAX_VALUE || layout.columns() <= bound, where);
      boolean full = true;
      for (int row = 0; row < layout.rows(); row++) {
        List<Integer> held = new ArrayList<>();
        for (int column = 0; column < layout.columns(); column++) {
          int position = layout.position(row, column);
          full &= position != RowLayout.NONE;
          if (position != RowLayout.NONE) {
            assertEquals(buffer[row][column], position, where + " row " + row);
            held.add(position);
          }
        }
        assertEquals(held.size(), new TreeSet<>(held).size(), where + ": held twice");
        requireHeld(where + " row " + row, row, held);
      }
      assertEquals(full, layout.isFull(), where);
    }

    private void requireHeld(String where, int row, List<Integer> held) {
      int next = layout.tokens(row);
      for (int back = 1; back <= next && layout.reach().sees(next, next - back); back++) {
        assertTrue(held.contains(next - back), where + ": " + (next - back) + " is not held");
      }
      for (int column = layout.start(); column < layout.start() + last; column++) {
        int query = layout.position(row, column);
        for (int back = 0; back <= query && layout.reach().sees(query, query - back); back++) {
          assertTrue(held.contains(query - back), where + ": " + query + " needs more");
        }
      }
    }
  }
}
