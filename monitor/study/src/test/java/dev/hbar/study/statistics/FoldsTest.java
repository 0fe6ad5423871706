package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
  private static final int[] RECORD_OF = IntStream.range(0, 60).map(i -> i / 2 * 3).toArray();

  @Test
  void byRecord_keepsAnswersTogetherInFoldsOfOneSize() {
    int[] rows = IntStream.range(4, 58).toArray();
    Folds folds = Folds.byRecord(RECORD_OF, rows, 5, 7);
    int[] tested = new int[60];
    for (int fold = 0; fold < 5; fold++) {
      int[] test = folds.test(fold);
      // 27 records: two folds of six, three of five.
      assertEquals(fold < 2 ? 12 : 10, test.length);
      for (int row : test) {
        tested[row]++;
        int other = row % 2 == 0 ? row + 1 : row - 1;
        assertTrue(Arrays.stream(test).anyMatch(one -> one == other), "partner of " + row);
      }
      int[] both =
          IntStream.concat(Arrays.stream(test), Arrays.stream(folds.train(fold))).toArray();
      assertArrayEquals(rows, Arrays.stream(both).sorted().toArray());
    }
    assertArrayEquals(IntStream.range(0, 60).map(i -> i < 4 || i > 57 ? 0 : 1).toArray(), tested);
  }

  @Test
  void byRecord_drawsBySeed() {
    int[] rows = IntStream.range(0, 60).toArray();
    int[] first = Folds.byRecord(RECORD_OF, rows, 5, 7).foldOf();
    assertArrayEquals(first, Folds.byRecord(RECORD_OF, rows, 5, 7).foldOf());
    assertFalse(Arrays.equals(first, Folds.byRecord(RECORD_OF, rows, 5, 8).foldOf()));
    assertFalse(
        Arrays.equals(first, IntStream.range(0, 60).map(i -> i / 2 % 5).toArray()), "shuffled");
  }

  @Test
  void asManyRecordsAsFolds_areEnough() {
    int[] rows = {0, 1, 2, 3, 4, 5};
    assertEquals(2, Folds.byRecord(RECORD_OF, rows, 3, 1).test(2).length);
    IllegalArgumentException few =
        assertThrows(IllegalArgumentException.class, () -> Folds.byRecord(RECORD_OF, rows, 4, 1));
    assertEquals(
        "3 records are too few for 4 folds; take more records or fewer folds", few.getMessage());
  }

  /**
   * Python: random.seed(42), shuffle of the records, a stable sort by their share of 1, in turn.
   */
  @Test
  void balancedByRecord_spreadsTheSharesAsPythonWould() {
    int[] recordOf = {0, 0, 0, 1, 1, 2, 3, 3, 3, 3, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 9};
    int[] labels = {1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1};
    assertArrayEquals(
        new int[] {1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0},
        Folds.balancedByRecord(recordOf, labels, 3, 42).foldOf());
  }
}
