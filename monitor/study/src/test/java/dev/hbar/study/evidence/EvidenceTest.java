package dev.hbar.study.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.GradeAgreement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an analysis says beside the figures of its signals; AUROCs are counted by hand. */
class EvidenceTest {
  // Of each record the right answer's value, then the hallucinated one's.
  private static final double[] RISING = {1, 5, 2, 6, 3, 7, 4, 0};
  private static final double[] FALLING = {5, 1, 6, 2, 7, 3, 0, 4};

  @Test
  void correlations_areOfEveryTwoSignalsThatVary() {
    double[] ties = {1, 2, 2, 5, 1, 9, 2, 2};
    List<Evidence.Correlation> found =
        analyze(Map.of(), "hbar", FALLING, "flat", new double[8], "pri", RISING, "surprise", ties)
            .correlations();
    assertEquals(
        List.of("hbar pri", "hbar surprise", "pri surprise"),
        found.stream().map(one -> one.first() + " " + one.second()).toList());
    // SciPy 1.17.1: pearsonr and spearmanr.
    assertEquals(0.7489308618940974, found.getLast().pearson(), 1e-12);
    assertEquals(0.7023629858283458, found.getLast().spearman(), 1e-12);
  }

  @Test
  void controls_areTheLengthsEitherWayAndThePlace() {
    Evidence evidence =
        analyze(Map.of(), "pri", RISING, "new_tokens", FALLING, "answer_tokens", RISING);
    assertEquals(
        List.of("new_tokens", "answer_tokens", "place in the file"),
        evidence.controls().stream().map(Evidence.Control::name).toList());
    assertEquals(0.75, evidence.controls().get(0).auroc().value(), 1e-12, "12 of 16, turned");
    assertEquals(0.75, evidence.controls().get(1).auroc().value(), 1e-12, "12 of 16");
    assertEquals(0.625, evidence.controls().get(2).auroc().value(), 1e-12, "10 of 16");
  }

  @Test
  void baselines_areTurnedIfTheyAreLengthsOnly() {
    SignalEvidence pri =
        analyze(Map.of(), "pri", RISING, "surprise", FALLING, "new_tokens", FALLING)
            .signal("pri")
            .orElseThrow();
    assertEquals(
        List.of("chance", "surprise", "new_tokens"),
        pri.comparisons().stream().map(SignalEvidence.Comparison::baseline).toList());
    assertEquals(0.25, pri.comparisons().get(0).difference().value(), 1e-12);
    assertEquals(0.5, pri.comparisons().get(1).difference().value(), 1e-12);
    assertEquals(0, pri.comparisons().get(2).difference().value(), 1e-12);
  }

  @Test
  void signalAboveNineteenOfTwenty_isWarnedOf() {
    double[] signal = IntStream.range(0, 40).mapToDouble(i -> i % 2 * 100 + i / 2).toArray();
    signal[1] = -1;
    assertEquals(List.of(), analyze(Map.of(), "pri", signal).warnings(), "380 of 400");
    signal[1] = 3.5;
    assertEquals(
        List.of(
            "pri reaches AUROC 0.960: no published detector does; look for a leak (see the control"
                + " table)"),
        analyze(Map.of(), "pri", signal).warnings(),
        "384 of 400");
  }

  @Test
  void jointThatHardlyVariesAndFailures_areWarnedOf() {
    double[] joint = IntStream.range(0, 8).mapToDouble(i -> 0.5 + i / 1000.0).toArray();
    List<String> warnings =
        analyze(Map.of("too long", 2L, "empty", 3L), "pri", RISING, "joint", joint).warnings();
    assertEquals(2, warnings.size(), warnings.toString());
    assertTrue(warnings.getFirst().contains("0.5000 to 0.5070"), warnings.getFirst());
    assertEquals("5 of 13 samples failed and are in no figure", warnings.getLast());
    assertEquals(Optional.empty(), new Evidence.JointRange(0, 0.05).warning());
    assertTrue(new Evidence.JointRange(0, Math.nextDown(0.05)).warning().isPresent());
  }

  @Test
  void taskWithOneLabelOnly_hasNoSignals() {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String task = i < 4 ? "qa" : i < 8 ? "dialogue" : "summarization";
      double label = i < 4 ? i % 2 : i < 8 ? 0 : 1;
      rows.add(
          new Scored(
              task + "_" + i / 2 + (i % 2 == 0 ? "_cor" : "_hal"),
              label,
              Map.of("pri", i * 7.0 % 5)));
    }
    List<Evidence.Task> tasks = analyze(rows, Map.of()).tasks();
    assertEquals(List.of(2, 0, 4), tasks.stream().map(Evidence.Task::hallucinated).toList());
    assertEquals(List.of(1, 0, 0), tasks.stream().map(task -> task.signals().size()).toList());
    assertEquals(List.of(2, 2, 2), tasks.stream().map(Evidence.Task::records).toList());
    assertEquals(List.of(4, 4, 4), tasks.stream().map(Evidence.Task::samples).toList());
  }

  @Test
  void gradesBetweenTheLabels_areComparedWithEverySignalOnItsRiskySide() {
    double[] grades = {0, 1, 0.25, 0.75, 0, 1, 0.5, 0};
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(new Scored("qa_" + i, grades[i], ordered("pri", RISING[i], "hbar", FALLING[i])));
    }
    double[] lowHbar = IntStream.range(0, 8).mapToDouble(i -> -FALLING[i]).toArray();
    int[] records = IntStream.range(0, 8).toArray();
    assertEquals(
        List.of(
            GradeAgreement.of("pri", RISING, grades, records),
            GradeAgreement.of("hbar", lowHbar, grades, records)),
        analyze(rows, Map.of()).graded());
    assertEquals(List.of(), analyze(Map.of(), "pri", RISING).graded());
  }

  /** Length and signal are the same and rank 52 % of the pairs. */
  @Test
  void lengthShownToBeChance_needNotBeBeaten() {
    SplittableRandom random = new SplittableRandom(5);
    double[] weak =
        IntStream.range(0, 6000).mapToDouble(i -> i % 2 * 0.07 + random.nextGaussian()).toArray();
    Evidence evidence = analyze(Map.of(), "pri", weak, "answer_tokens", weak);
    assertEquals("better than chance", evidence.signal("pri").orElseThrow().words());
    assertEquals("answer_tokens", evidence.answerLength().orElseThrow().signal());
    assertEquals(Optional.empty(), analyze(Map.of(), "pri", RISING).answerLength());
  }

  /** statsmodels 0.15.0, as in ClusteredLogitTest: the second task's answers are of one length. */
  @Test
  void lengthThatDoesNotVaryInATask_tellsNothingThere() {
    double[] length = {22, 13, 10, 29, 9, 12, 21, 24, 20, 26, 6, 14, 19, 15, 14, 14};
    double[] pri = {
      -0.04, 1.94, -0.84, 0.2, 0.36, 0.76, -1.64, 0.86, -0.12, 0.26, -0.16, 0.72, -1.82, 2.05,
      -0.86, -1.74, -0.08, 1.96, -0.52, 2.05, 1.56, -0.36, -2.47, -0.74, 1.19, -0.32, -1.51, -0.84,
      0.0, 0.47, 0.87, 1.49
    };
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < pri.length; i++) {
      String id = (i < 16 ? "qa_" : "dialogue_") + i / 2 + (i % 2 == 0 ? "_cor" : "_hal");
      double tokens = i < 16 ? length[i] : 12;
      rows.add(new Scored(id, i % 2, ordered("pri", pri[i], "answer_tokens", tokens)));
    }
    Estimate given =
        analyze(rows, Map.of()).signal("pri").orElseThrow().givenLength().orElseThrow();
    assertEquals(0.9302189243822534, given.value(), 1e-9);
    assertEquals(0.4218912944763204, given.standardError(), 1e-9);
  }

  private static Map<String, Double> ordered(String first, double one, String second, double two) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(first, one);
    values.put(second, two);
    return values;
  }

  /** Records of one task, the right answer first; names and columns in turns. */
  private static Evidence analyze(Map<String, Long> failures, Object... columns) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < ((double[]) columns[1]).length; i++) {
      Map<String, Double> values = new LinkedHashMap<>();
      for (int c = 0; c < columns.length; c += 2) {
        values.put((String) columns[c], ((double[]) columns[c + 1])[i]);
      }
      rows.add(new Scored("qa_" + i / 2 + (i % 2 == 0 ? "_cor" : "_hal"), i % 2, values));
    }
    return analyze(rows, failures);
  }

  private static Evidence analyze(List<Scored> rows, Map<String, Long> failures) {
    ScoreColumns.Origin origin = new ScoreColumns.Origin("f", "0", "m", Optional.empty());
    return new EvidenceAnalysis(
            new ScoreColumns(origin, rows, failures), Map.of(), new Bootstrap.Settings(20, 1, 0.95))
        .run();
  }
}
