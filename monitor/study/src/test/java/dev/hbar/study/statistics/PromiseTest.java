package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromiseTest {
  @Test
  void overAThousandCalibrations_thePromiseIsBrokenAtMostAsOftenAsAllowed() {
    SplittableRandom random = new SplittableRandom(11);
    int broken = 0;
    int made = 0;
    double reached = 0;
    for (int draw = 0; draw < 1000; draw++) {
      // An answer of score s is wrong with probability 0.1 + 0.5 s: below t, 0.1 + 0.25 t are.
      double[] scores = random.doubles(300).toArray();
      int[] labels =
          IntStream.range(0, 300)
              .map(i -> random.nextDouble() < 0.1 + 0.5 * scores[i] ? 1 : 0)
              .toArray();
      Optional<Promise> promise = Promise.of(scores, labels, 0.25, 0.9);
      double threshold = Math.min(1, promise.map(Promise::threshold).orElse(0.0));
      broken += 0.1 + 0.25 * threshold > 0.25 ? 1 : 0;
      made += promise.isPresent() ? 1 : 0;
      reached += threshold / 1000;
    }
    // Allowed are 100 of 1000; three standard deviations of chance above that, 128.
    assertTrue(broken <= 128, broken + " of 1000 broken");
    assertTrue(made > 600, made + " of 1000 made");
    // The best possible threshold is 0.6; a rule that never keeps anything would be safe, too.
    assertTrue(reached > 0.2, "mean threshold " + reached);
  }

  @Test
  void boundOfTheBinomial_isHitExactly() {
    // scipy.stats.binom.cdf(1, 22, 0.2) = 0.048, cdf(2, 22, 0.2) = 0.154: of 22 one may be wrong.
    int[] right = new int[440];
    double[] scores = IntStream.range(0, 440).asDoubleStream().toArray();
    int[] labels = right.clone();
    Arrays.fill(labels, 21, 440, 1);
    Promise promise = Promise.of(scores, labels, 0.2, 0.9).orElseThrow();
    assertEquals(22, promise.kept());
    assertEquals(1, promise.wrong());
    assertEquals(22.0, promise.threshold());
    labels[20] = 1;
    assertEquals(Optional.empty(), Promise.of(scores, labels, 0.2, 0.9));
    assertEquals(440, Promise.of(scores, right, 0.2, 0.9).orElseThrow().kept());
  }

  @Test
  void equalScores_areKeptTogetherOrNotAtAll() {
    double[] scores = IntStream.range(0, 80).mapToDouble(i -> i < 30 ? 1 : 2).toArray();
    int[] labels = IntStream.range(0, 80).map(i -> i < 30 ? 0 : 1).toArray();
    Promise promise = Promise.of(scores, labels, 0.2, 0.9).orElseThrow();
    assertEquals(2.0, promise.threshold());
    assertEquals(30, promise.kept());
  }

  @Test
  void keptAnswersLookedAt_areTwiceAProofWithoutAWrongOne() {
    // 2 ceil(ln(1 - confidence) / ln(1 - share)).
    assertEquals(22, Promise.least(0.2, 0.9));
    assertEquals(90, Promise.least(0.05, 0.9));
    assertEquals(58, Promise.least(0.1, 0.95));
    // scipy.stats.binom.cdf(0, 11, 0.2) = 0.0859, cdf(0, 10, 0.2) = 0.1074.
    assertTrue(Promise.holds(0, 11, 0.2, 0.9));
    assertFalse(Promise.holds(0, 10, 0.2, 0.9));
  }

  @Test
  void ladder_hasTheSharesThatCanBePromised() {
    double[] scores = IntStream.range(0, 440).asDoubleStream().toArray();
    List<Promise> right = Promise.ladder(scores, new int[440]);
    assertArrayEquals(
        new double[] {0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45},
        right.stream().mapToDouble(Promise::mostWrong).toArray());
    for (Promise promise : right) {
      assertEquals(0.9, promise.confidence());
      assertEquals(1, promise.coverage());
    }
    // Every fifth is wrong: by scipy's binom.cdf the first 22 with four wrong ones break 0.3.
    int[] fifth = IntStream.range(0, 440).map(i -> i % 5 == 4 ? 1 : 0).toArray();
    List<Promise> lax = Promise.ladder(scores, fifth);
    assertArrayEquals(
        new double[] {0.35, 0.4, 0.45}, lax.stream().mapToDouble(Promise::mostWrong).toArray());
    for (Promise promise : lax) {
      assertEquals(440, promise.kept());
      assertEquals(88, promise.wrong());
    }
  }

  @Test
  void answersOfARecord_areDrawnAlikeOften() {
    int[] recordOf = IntStream.range(0, 9000).map(i -> i / 3).toArray();
    int[] place = new int[3];
    int[] chosen = Promise.oneOfEachRecord(recordOf);
    assertEquals(3000, chosen.length);
    for (int record = 0; record < 3000; record++) {
      assertEquals(record, recordOf[chosen[record]]);
      place[chosen[record] % 3]++;
    }
    for (int count : place) {
      assertEquals(1000, count, 78, "three standard deviations");
    }
  }
}
