package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.TestRuns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Folds;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/study_statistics.py: scikit-learn's scaler and logistic regression. */
class LogLossFitTest {
  private static final JsonNode EXPECTED = StatisticsCase.json("/calibrate/log_loss_joint.json");
  private static final double[] HBAR = numbers("hbar");
  private static final double[] PRI = numbers("pri");
  private static final int[] LABELS = IntStream.range(0, 120).map(i -> i % 2).toArray();
  private static final int[] RECORDS = IntStream.range(0, 120).map(i -> i / 2).toArray();

  @Test
  void folds_keepRecordsWholeAndAreThoseOfPython() {
    String folds =
        Arrays.stream(Folds.balancedByRecord(RECORDS, LABELS, JointFit.FOLDS, 42).foldOf())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining());
    assertEquals(EXPECTED.get("folds").asText(), folds);
  }

  @Test
  void fit_isScikitLearns() {
    JointFit fit = JointFit.calibrated(HBAR, PRI, LABELS, RECORDS);
    double[] losses = numbers("losses");
    for (int i = 0; i < losses.length; i++) {
      assertEquals(losses[i], fit.held()[i], 1e-7, "C " + i);
    }
    assertEquals(EXPECTED.get("c").doubleValue(), fit.c(), 1e-9 * fit.c());
    double[] probability = numbers("probability");
    for (int i = 0; i < probability.length; i++) {
      assertEquals(probability[i], fit.model().probability(HBAR[i], PRI[i]), 1e-5, "sample " + i);
    }
  }

  @Test
  void noise_hasOneProbabilityForAll() {
    SplittableRandom random = new SplittableRandom(1);
    int wrongWay = 0;
    for (int draw = 0; draw < 20; draw++) {
      double[] first = random.doubles(120).toArray();
      double[] second = random.doubles(120).toArray();
      JointFit fit = JointFit.calibrated(first, second, LABELS, RECORDS);
      if (fit.model().wHbar() == 0 && fit.model().wPri() == 0) {
        wrongWay++;
        assertEquals(0.5, fit.model().probability(9, -9), 1e-12);
      }
    }
    assertTrue(wrongWay >= 5, wrongWay + " of 20");
  }

  @Test
  void studysRule_isKeptForItsProtocolAndPublishedScores() {
    assertEquals(JointFit.Rule.AUROC, rule(Optional.empty()));
    assertEquals(JointFit.Rule.AUROC, rule(Optional.of("study-2026-01")));
    assertEquals(JointFit.Rule.LOG_LOSS, rule(Optional.of("pairs-v1")));
  }

  private static JointFit.Rule rule(Optional<String> protocol) {
    List<Scored> rows =
        IntStream.range(0, 120)
            .mapToObj(i -> new Scored("s_" + i, LABELS[i], Map.of("hbar", HBAR[i], "pri", PRI[i])))
            .toList();
    ScoreFile.Header header = TestRuns.header();
    ScoreColumns.Origin origin =
        new ScoreColumns.Origin(
            "f",
            "0",
            "m",
            protocol.map(
                id ->
                    new ScoreFile.Header(
                        header.checkpoint(),
                        header.checkpointSha256(),
                        header.dataSha256(),
                        id,
                        header.selection(),
                        header.settings(),
                        header.versions())));
    Parameters fitted =
        Calibration.of(
            new ScoreColumns(origin, rows, Map.of()),
            Calibration.PolarityRule.STUDY,
            new Bootstrap.Settings(20, 1, 0.95));
    return fitted.jointFit().orElseThrow().rule();
  }

  @Test
  void studysRule_mayEndWithOneProbabilityAndIsFoundOut() {
    Parameters shipped = shipped("4bit");
    double[] hbar = column(shipped, "hbar");
    double[] pri = column(shipped, "pri");
    int[] labels = shipped.scoresBySample().stream().mapToInt(row -> row.label()).toArray();
    JointFit study = JointFit.of(hbar, pri, labels);
    Optional<String> warning = range(study, hbar, pri).warning();
    assertTrue(warning.orElseThrow().contains("0.4998 to 0.5000"), warning.orElseThrow());
    Evidence.JointRange calibrated =
        range(new JointFit(shipped.jointModelWeights(), 0, null, null, null), hbar, pri);
    assertTrue(calibrated.high() - calibrated.low() > 0.2, calibrated.toString());
  }

  @Test
  void shippedParameters_canBeHaltedOnWithACutoffOnly() {
    for (String bits : List.of("8bit", "4bit", "3bit")) {
      Parameters shipped = shipped(bits);
      for (String signal : List.of("hbar", "pri", "joint")) {
        assertEquals(Optional.empty(), shipped.unfitToHalt(signal), bits + " " + signal);
        // Weak signals: nine of ten hallucinations come with most right answers.
        String lax = shipped.thresholdTooLax(signal).orElseThrow();
        assertTrue(lax.matches("its threshold on " + signal + " flags \\d\\d % of .*"), lax);
      }
    }
  }

  private static Evidence.JointRange range(JointFit fit, double[] hbar, double[] pri) {
    return Evidence.JointRange.of(
        IntStream.range(0, hbar.length)
            .mapToDouble(i -> fit.model().probability(hbar[i], pri[i]))
            .toArray());
  }

  private static Parameters shipped(String bits) {
    return Parameters.read(
        Path.of("../../calibrated_params/SmolLM2-135M-Instruct-" + bits + ".json"));
  }

  private static double[] column(Parameters parameters, String signal) {
    return parameters.scoresBySample().stream()
        .mapToDouble(row -> row.values().get(signal))
        .toArray();
  }

  private static double[] numbers(String field) {
    return StreamSupport.stream(EXPECTED.get(field).spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
