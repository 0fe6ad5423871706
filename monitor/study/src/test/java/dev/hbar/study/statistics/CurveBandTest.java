package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveBandTest {
  private static final int RECORDS = 30;
  private static final int[] LABELS = IntStream.range(0, 2 * RECORDS).map(i -> i % 2).toArray();
  private static final int[] RECORD_OF = IntStream.range(0, 2 * RECORDS).map(i -> i / 2).toArray();
  private static final Bootstrap.Settings SETTINGS = new Bootstrap.Settings(41, 7, 0.95);

  /** One answer of a resample. */
  private record Answer(double score, int label) {}

  @Test
  void bands_areThePercentilesOfEachResamplesCurveByDefinition() {
    double[] scores = scores();
    CurveBand.Scored scored = new CurveBand.Scored(scores, LABELS, RECORD_OF);
    assertBand(CurveBand.ofPrecision(scored, SETTINGS), scores, CurveBandTest::precision);
    assertBand(CurveBand.ofRisk(scored, SETTINGS), scores, CurveBandTest::risk);
  }

  @Test
  void scoresThatSeparate_areAlwaysPreciseAndKeepOnlyRightOnes() {
    double[] scores = Arrays.stream(LABELS).asDoubleStream().toArray();
    CurveBand.Scored scored = new CurveBand.Scored(scores, LABELS, RECORD_OF);
    CurveBand precision = CurveBand.ofPrecision(scored, SETTINGS);
    CurveBand risk = CurveBand.ofRisk(scored, SETTINGS);
    for (int i = 0; i < 100; i++) {
      assertEquals(1, precision.low()[i]);
      int kept = Math.ceilDiv((i + 1) * 2 * RECORDS, 100);
      assertEquals(Math.max(0, kept - RECORDS) / (double) kept, risk.high()[i], 1e-15);
    }
    assertEquals(0.5, risk.low()[99], "every record has one of each");
  }

  /** With ties, also between labels. */
  private static double[] scores() {
    Random random = new Random(5);
    return IntStream.of(LABELS)
        .mapToDouble(label -> Math.rint(4 * (random.nextGaussian() + label)))
        .toArray();
  }

  private static void assertBand(
      CurveBand band, double[] scores, ToDoubleBiFunction<List<Answer>, Double> height) {
    Bootstrap.Resamples resamples =
        Bootstrap.Resamples.byRecord(RECORD_OF, LABELS, SETTINGS.seed());
    List<List<Answer>> drawn = new ArrayList<>();
    for (int r = 0; r < SETTINGS.resamples(); r++) {
      drawn.add(answers(scores, resamples.next()));
    }
    assertEquals(100, band.x().length);
    for (int i = 0; i < 100; i++) {
      double x = (i + 1) / 100.0;
      assertEquals(x, band.x()[i], 1e-15);
      double[] heights =
          drawn.stream().mapToDouble(each -> height.applyAsDouble(each, x)).sorted().toArray();
      // 41 values: the 2.5 % point is the second smallest, the 97.5 % point the second largest.
      assertEquals(heights[1], band.low()[i], 1e-12, "low at " + x);
      assertEquals(heights[39], band.high()[i], 1e-12, "high at " + x);
    }
  }

  private static List<Answer> answers(double[] scores, int[] weights) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      for (int k = 0; k < weights[i]; k++) {
        answers.add(new Answer(scores[i], LABELS[i]));
      }
    }
    answers.sort(Comparator.comparingDouble(Answer::score));
    return answers;
  }

  /** Of the strictest threshold that flags this share of the hallucinated ones. */
  private static double precision(List<Answer> answers, double recall) {
    double all = answers.stream().mapToInt(Answer::label).sum();
    for (int from = answers.size() - 1; from >= 0; from--) {
      double threshold = answers.get(from).score();
      List<Answer> flagged = answers.stream().filter(a -> a.score() >= threshold).toList();
      double hits = flagged.stream().mapToInt(Answer::label).sum();
      if (hits / all >= recall - 1e-12) {
        return hits / flagged.size();
      }
    }
    throw new AssertionError("the lowest threshold flags all");
  }

  /** Of the least risky ones; an answer of several with one score counts as their mean. */
  private static double risk(List<Answer> answers, double share) {
    int kept = (int) Math.ceil(share * answers.size() - 1e-9);
    double wrong = 0;
    for (Answer answer : answers.subList(0, kept)) {
      wrong +=
          answers.stream()
              .filter(a -> a.score() == answer.score())
              .mapToInt(Answer::label)
              .average()
              .orElseThrow();
    }
    return wrong / kept;
  }
}
