package dev.hbar.monitor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.monitor.generation.StepCost.Spread;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepCostTest {
  @Test
  void fewRuns_haveLeastAndMostAroundTheMedian() {
    assertEquals(new Spread(2.5, 1, 4), Spread.of(runs(4)));
    assertEquals(new Spread(3, 1, 5), Spread.of(runs(5)));
  }

  /** (100 - 1.96 * 10) / 2 = 40.2: the 40th smallest and the 40th largest. */
  @Test
  void hundredRuns_haveTheOrderStatisticsOfTheMedian() {
    assertEquals(new Spread(50.5, 40, 61), Spread.of(runs(100)));
  }

  /** 1 to n, shuffled by halves. */
  private static List<Double> runs(int count) {
    List<Integer> numbers = IntStream.rangeClosed(1, count).boxed().toList();
    return Stream.concat(
            numbers.subList(count / 2, count).reversed().stream(),
            numbers.subList(0, count / 2).stream())
        .map(Integer::doubleValue)
        .toList();
  }
}
