package dev.hbar.study.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Holm;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Placements;
import dev.hbar.study.statistics.Reliability;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/evidence.py: definitions, scipy, and a bootstrap of its own. */
class EvidenceAnalysisTest {
  private static final JsonNode EXPECTED = expected();
  private static final Bootstrap.Settings FEW = new Bootstrap.Settings(20, 1, 0.95);

  private static JsonNode expected() {
    try (InputStream json =
        EvidenceAnalysisTest.class.getResourceAsStream("/evaluate/evidence.json")) {
      return new ObjectMapper().readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not kept between tests: PIT sees what runs in a test only. */
  private static Evidence evidence(Bootstrap.Settings settings) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    EXPECTED
        .get("columns")
        .properties()
        .forEach(e -> columns.put(e.getKey(), numbers(e.getValue())));
    return analyze(columns, numbers(EXPECTED.get("labels")), sample -> "qa", settings);
  }

  @Test
  void comparisonsWithChanceAndSurprise_areTheDefinitions() {
    Evidence evidence = evidence(FEW);
    for (int s = 0; s < 3; s++) {
      SignalEvidence.Comparison chance = evidence.signals().get(s).comparisons().getFirst();
      assertEquals(SignalEvidence.Comparison.CHANCE, chance.baseline());
      assertEquals(
          EXPECTED.get("p_chance_by_record").get(s).doubleValue(), chance.difference().p(), 1e-10);
      assertEquals(EXPECTED.get("p_chance_holm").get(s).doubleValue(), chance.pHolm(), 1e-10);
      assertEquals(3, chance.asked());
    }
    for (int s = 0; s < 2; s++) {
      SignalEvidence.Comparison surprise = evidence.signals().get(s).comparisons().get(1);
      assertEquals("surprise", surprise.baseline());
      assertEquals(
          EXPECTED.get("p_surprise_by_record").get(s).doubleValue(),
          surprise.difference().p(),
          1e-10);
    }
    assertEquals(1, evidence.signals().get(2).comparisons().size(), "not with itself");
  }

  @Test
  void tasks_areAnalysedWithinThemselves() {
    JsonNode tasks = EXPECTED.get("tasks");
    SignalEvidence pri = tasksEvidence(tasks).signal("pri").orElseThrow();
    assertEquals(tasks.at("/chance/value").doubleValue() + 0.5, pri.within().value(), 1e-12);
    assertEquals(tasks.get("pair_accuracy").doubleValue(), pri.pairs().value(), 1e-12);
    assertEquals(77, pri.pairs().records());
    Estimate given = pri.givenLength().orElseThrow();
    assertEquals(tasks.at("/given_length/value").doubleValue(), given.value(), 1e-9);
    assertEquals(
        tasks.at("/given_length/standard_error").doubleValue(), given.standardError(), 1e-9);
    SignalEvidence.Comparison length = pri.comparisons().get(1);
    assertEquals("answer_tokens", length.baseline());
    assertEquals(tasks.at("/against_length/p").doubleValue(), length.difference().p(), 1e-10);
    List<Evidence.Task> byTask = tasksEvidence(tasks).tasks();
    assertEquals(
        List.of("qa", "dialogue", "summarization"),
        byTask.stream().map(Evidence.Task::task).toList());
    assertEquals(List.of(12, 25, 40), byTask.stream().map(Evidence.Task::records).toList());
    for (int k = 0; k < 3; k++) {
      assertEquals(
          tasks.get("by_task").get(k).doubleValue(),
          byTask.get(k).signals().getFirst().auroc().value(),
          1e-12);
    }
  }

  @Test
  void lengthStandardizedByTask_isNoBetterThanTheLength() {
    // What a pooled analysis called better than chance and better than length.
    JsonNode tasks = EXPECTED.get("tasks");
    double[] length = numbers(tasks.get("answer_tokens"));
    double[] scaled = length.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = length[i] / (i < 24 ? 1 : i < 74 ? 2 : 3);
    }
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", scaled);
    columns.put("answer_tokens", length);
    SignalEvidence pri =
        analyze(columns, numbers(tasks.get("labels")), EvidenceAnalysisTest::taskOf, FEW)
            .signal("pri")
            .orElseThrow();
    assertEquals(Judgement.Verdict.NO_BETTER_THAN_LENGTH, pri.judgement().verdict());
    assertEquals(0, pri.comparisons().get(1).difference().value(), 1e-12);
    assertTrue(pri.auroc().value() > 0.65, "pooled, it would look better than length");
  }

  @Test
  void sixRecordsOfNoise_cannotTell() {
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", new double[] {1, 3, 2, 1.5, 4, 6, 5, 4.5, 7, 6.5, 8, 9});
    double[] labels = IntStream.range(0, 12).mapToDouble(i -> i % 2).toArray();
    SignalEvidence pri = analyze(columns, labels).signal("pri").orElseThrow();
    assertEquals(Judgement.Verdict.UNDECIDED, pri.judgement().verdict());
    assertTrue(
        pri.words()
            .matches("cannot tell from chance at this n \\(would need about \\d+ records\\)"),
        pri.words());
    assertTrue(pri.judgement().recordsNeeded().orElseThrow() > 6);
  }

  @Test
  void manyRecordsOfNoise_areShownToBeChance() {
    SplittableRandom random = new SplittableRandom(3);
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", random.doubles(4000).toArray());
    double[] labels = IntStream.range(0, 4000).mapToDouble(i -> i % 2).toArray();
    SignalEvidence pri = analyze(columns, labels).signal("pri").orElseThrow();
    assertEquals("no better than chance", pri.words());
  }

  @Test
  void modelsTogether_areCorrectedTogether() {
    Evidence evidence = evidence(FEW);
    List<Evidence> both = Evidence.together(List.of(evidence, evidence));
    double[] once = numbers(EXPECTED.get("p_chance_by_record"));
    double[] corrected =
        Holm.correct(IntStream.range(0, 6).mapToDouble(i -> once[i % 3]).toArray());
    for (int s = 0; s < 6; s++) {
      SignalEvidence.Comparison chance =
          both.get(s / 3).signals().get(s % 3).comparisons().getFirst();
      assertEquals(corrected[s], chance.pHolm(), 1e-10);
      assertEquals(6, chance.asked());
    }
  }

  @Test
  void correlations_areScipys() {
    Evidence evidence = evidence(FEW);
    for (int i = 0; i < 3; i++) {
      Evidence.Correlation found = evidence.correlations().get(i);
      assertEquals(EXPECTED.get("pearson").get(i).doubleValue(), found.pearson(), 1e-12);
      assertEquals(EXPECTED.get("spearman").get(i).doubleValue(), found.spearman(), 1e-12);
    }
  }

  @Test
  void effectAndRejection_areTheirDefinitions() {
    Evidence evidence = evidence(FEW);
    for (int s = 0; s < 3; s++) {
      SignalEvidence signal = evidence.signals().get(s);
      assertEquals(
          EXPECTED.get("cohens_d").get(s).doubleValue(), signal.cohensD().orElseThrow(), 1e-12);
      // The third has ties, which the script averages over 3000 random orders.
      assertEquals(EXPECTED.get("prr").get(s).doubleValue(), signal.prr(), s < 2 ? 1e-12 : 2e-3);
    }
  }

  @Test
  void bootstrapIntervals_areThoseOfAnotherBootstrap() {
    Evidence evidence = evidence(Bootstrap.Settings.DEFAULT);
    for (int s = 0; s < 3; s++) {
      SignalEvidence signal = evidence.signals().get(s);
      assertInterval("stratified", s, 0, signal.auroc().stratified());
      assertInterval("stratified", s, 1, signal.prAuc().stratified());
      assertInterval("by_record", s, 0, signal.auroc().byRecord());
      assertInterval("by_record", s, 1, signal.prAuc().byRecord());
    }
  }

  @Test
  void reliability_isItsDefinition() {
    double[] pri = numbers(EXPECTED.get("columns").get("pri"));
    double[] probability = Arrays.stream(pri).map(p -> 1 / (1 + Math.exp(1 - p))).toArray();
    int[] labels = Arrays.stream(numbers(EXPECTED.get("labels"))).mapToInt(l -> (int) l).toArray();
    Reliability reliability = Reliability.of(probability, labels);
    assertEquals(EXPECTED.get("ece").doubleValue(), reliability.ece(), 1e-12);
    assertEquals(EXPECTED.get("brier").doubleValue(), reliability.brier(), 1e-12);
    assertEquals(labels.length, reliability.bins().stream().mapToInt(Reliability.Bin::count).sum());
  }

  @Test
  void signalThatOnlyRepeatsTheLength_isSaidToBeNoBetter() {
    double[] labels = IntStream.range(0, 200).mapToDouble(i -> i % 2).toArray();
    double[] length =
        IntStream.range(0, 200).mapToDouble(i -> 50 + i % 2 * 8 + (13 * i) % 31).toArray();
    double[] pri = Arrays.stream(length).map(tokens -> 1 + tokens / 100).toArray();
    double[] noise = IntStream.range(0, 200).mapToDouble(i -> Math.sin(11.0 * i)).toArray();
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", pri);
    columns.put("hbar", noise);
    columns.put("prompt_tokens", length);
    Evidence found = analyze(columns, labels);
    assertEquals(
        Judgement.Verdict.NO_BETTER_THAN_LENGTH,
        found.signal("pri").orElseThrow().judgement().verdict());
    assertEquals(
        Judgement.Verdict.UNDECIDED, found.signal("hbar").orElseThrow().judgement().verdict());
    assertEquals(
        Judgement.Verdict.BETTER,
        found.signal("prompt_tokens").orElseThrow().judgement().verdict());
  }

  @Test
  void lengthThatSpeaksTheOtherWay_isReadTheBetterWay() {
    double[] labels = IntStream.range(0, 200).mapToDouble(i -> i % 2).toArray();
    double[] length =
        IntStream.range(0, 200).mapToDouble(i -> 50 - i % 2 * 8 + (13 * i) % 31).toArray();
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", Arrays.stream(length).map(tokens -> 2 - tokens / 100).toArray());
    columns.put("prompt_tokens", length);
    SignalEvidence pri = analyze(columns, labels).signal("pri").orElseThrow();
    assertEquals(Judgement.Verdict.NO_BETTER_THAN_LENGTH, pri.judgement().verdict());
    assertEquals(0, pri.comparisons().get(1).difference().value(), 1e-12);
  }

  @Test
  void constantSignal_isChanceWithoutEffect() {
    double[] labels = IntStream.range(0, 40).mapToDouble(i -> i % 2).toArray();
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", new double[40]);
    SignalEvidence pri = analyze(columns, labels).signal("pri").orElseThrow();
    assertEquals(0.5, pri.auroc().value());
    assertEquals(Optional.empty(), pri.cohensD());
    assertEquals(Judgement.Verdict.CHANCE, pri.judgement().verdict());
    assertEquals(0, pri.prr(), 1e-12);
  }

  @Test
  void oneSamplePerRecord_givesDelongsOwnVariance() {
    double[] high = IntStream.range(0, 30).mapToDouble(i -> Math.sin(3.0 * i) + 0.5).toArray();
    double[] low = IntStream.range(0, 25).mapToDouble(i -> Math.sin(5.0 * i)).toArray();
    Placements placements = Placements.of(high, low);
    Placements.RecordVariance single =
        new Placements.RecordVariance(
            IntStream.range(0, 30).toArray(), IntStream.range(30, 55).toArray(), 55);
    assertEquals(placements.variance(), single.of(placements), 1e-12);
  }

  @Test
  void holm_growsWithTheQuestionsAndNeverFalls() {
    assertArrayEquals(
        new double[] {0.03, 0.06, 0.06, 0.02},
        Holm.correct(new double[] {0.01, 0.04, 0.03, 0.005}),
        1e-12);
  }

  @Test
  void resamples_keepRecordsTogetherAndLabelsInNumber() {
    int[] labels = IntStream.range(0, 50).map(i -> i % 2).toArray();
    int[] recordOf = IntStream.range(0, 50).map(i -> i / 2).toArray();
    Bootstrap.Resamples byRecord = Bootstrap.Resamples.byRecord(recordOf, labels, 1);
    Bootstrap.Resamples stratified = Bootstrap.Resamples.stratified(labels, 1);
    for (int draw = 0; draw < 20; draw++) {
      int[] pairs = byRecord.next();
      int[] single = stratified.next();
      assertEquals(50, Arrays.stream(pairs).sum());
      int right = 0;
      for (int i = 0; i < 50; i += 2) {
        assertEquals(pairs[i], pairs[i + 1]);
        right += single[i];
      }
      assertEquals(25, right);
    }
  }

  private static void assertInterval(String scheme, int signal, int area, Interval found) {
    JsonNode interval = EXPECTED.get(scheme).get(signal).get(area);
    // Both are percentiles of random draws: their own error is about 0.005.
    assertEquals(interval.get(0).doubleValue(), found.low(), 0.015, scheme + signal);
    assertEquals(interval.get(1).doubleValue(), found.high(), 0.015, scheme + signal);
    assertTrue(found.low() < found.high());
  }

  private static Evidence tasksEvidence(JsonNode tasks) {
    Map<String, double[]> columns = new LinkedHashMap<>();
    columns.put("pri", numbers(tasks.get("pri")));
    columns.put("answer_tokens", numbers(tasks.get("answer_tokens")));
    return analyze(columns, numbers(tasks.get("labels")), EvidenceAnalysisTest::taskOf, FEW);
  }

  /** 12 records of qa, 25 of dialogue, 40 of summarization. */
  private static String taskOf(int sample) {
    return sample < 24 ? "qa" : sample < 74 ? "dialogue" : "summarization";
  }

  private static Evidence analyze(Map<String, double[]> columns, double[] labels) {
    return analyze(columns, labels, sample -> "qa", FEW);
  }

  private static Evidence analyze(
      Map<String, double[]> columns,
      double[] labels,
      IntFunction<String> task,
      Bootstrap.Settings settings) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      Map<String, Double> signals = new LinkedHashMap<>();
      for (Map.Entry<String, double[]> column : columns.entrySet()) {
        signals.put(column.getKey(), column.getValue()[i]);
      }
      String id = task.apply(i) + "_" + i / 2 + (i % 2 == 0 ? "_cor" : "_hal");
      rows.add(new Scored(id, (int) labels[i], signals));
    }
    ScoreColumns.Origin origin = new ScoreColumns.Origin("f", "0", "m", Optional.empty());
    return new EvidenceAnalysis(new ScoreColumns(origin, rows, Map.of()), Map.of(), settings).run();
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
