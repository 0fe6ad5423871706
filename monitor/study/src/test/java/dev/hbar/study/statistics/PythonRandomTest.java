package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values: Python 3.12, {@code random.Random(seed)}, the same calls in the same order. */
class PythonRandomTest {
  @Test
  void seed42_givesPythonsSequence() {
    PythonRandom random = new PythonRandom(42);
    assertEquals(0x1.4762f307200c5p-1, random.random());
    assertEquals(0x1.99c6b5eeb2060p-6, random.random());
    assertEquals(590620971, random.bits(31));
    assertEquals(0, random.bits(1));
    assertEquals(List.of(7, 4, 23, 3, 21), random.sample(range(30), 5));
    assertEquals(List.of(17, 2, 13, 1, 0), random.sample(range(20), 5));
    assertEquals(List.of(95, 223, 238, 517, 616, 27), random.sample(range(1000), 6));
    assertEquals(List.of(71, 25, 91, 83, 89), random.sample(range(100), 60).subList(0, 5));
    assertEquals(List.of(6, 0, 4, 9, 5, 7, 1, 3, 8, 2), shuffled(random));
  }

  /** Five of at most 21 are drawn from a pool, of more from the numbers: 33 tells the two apart. */
  @Test
  void fiveOfMoreThan21_areDrawnByPythonsSecondWay() {
    assertEquals(List.of(7, 1, 17, 15, 14), new PythonRandom(42).sample(range(33), 5));
    assertEquals(List.of(15, 8, 23, 30, 4), new PythonRandom(3).sample(range(33), 5));
    assertEquals(List.of(20, 3, 0, 8, 7), new PythonRandom(42).sample(range(22), 5));
  }

  @Test
  void negativeSeed_countsAsItsMagnitude() {
    PythonRandom random = new PythonRandom(-7);
    assertEquals(0x1.4b9ad0f953a6ep-2, random.random());
    random.random();
    assertEquals(1397871144, random.bits(31));
  }

  @Test
  void zeroAndSeedsAbove32Bits_givePythonsSequence() {
    assertEquals(0x1.b0580f98a7dbep-1, new PythonRandom(0).random());
    assertEquals(0x1.023e2261153dcp-1, new PythonRandom((1L << 40) + 5).random());
  }

  @Test
  void moreThanThereIs_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new PythonRandom(1).sample(List.of(1, 2), 3));
    assertThrows(IllegalArgumentException.class, () -> new PythonRandom(1).bits(32));
  }

  private static List<Integer> shuffled(PythonRandom random) {
    List<Integer> list = new ArrayList<>(range(10));
    random.shuffle(list);
    return list;
  }

  private static List<Integer> range(int end) {
    return IntStream.range(0, end).boxed().toList();
  }
}
