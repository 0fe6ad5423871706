package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/auroc.py: scikit-learn and the pairwise definition. */
class DeLongTest {
  private static final double EXACT = 1e-12;

  @Test
  void fixtures_agreeWithScikitLearnAndTheDefinition() throws IOException {
    JsonNode cases = fixtures();
    assertEquals(6, cases.size());
    for (JsonNode one : cases) {
      String name = one.get("name").asText();
      Auroc auroc = DeLong.of(doubles(one, "positives"), doubles(one, "negatives")).orElseThrow();
      assertEquals(one.get("auroc").doubleValue(), auroc.value(), EXACT, name);
      assertEquals(one.get("variance").doubleValue(), auroc.variance(), EXACT, name);
      Interval interval = auroc.interval().orElseThrow();
      // The normal quantile of two libraries: ten digits.
      assertEquals(one.get("low").doubleValue(), interval.low(), 1e-10, name);
      assertEquals(one.get("high").doubleValue(), interval.high(), 1e-10, name);
    }
  }

  @Test
  void fixtures_getTheVerdictOfTheirInterval() throws IOException {
    for (JsonNode one : fixtures()) {
      Verdict expected = Verdict.CHANCE;
      if (one.get("low").doubleValue() > 0.5) {
        expected = Verdict.BETTER;
      } else if (one.get("high").doubleValue() < 0.5) {
        expected = Verdict.WORSE;
      }
      Auroc auroc = DeLong.of(doubles(one, "positives"), doubles(one, "negatives")).orElseThrow();
      assertEquals(expected, auroc.verdict(), one.get("name").asText());
    }
  }

  @Test
  void oneLabelOnly_hasNoAuroc() {
    assertEquals(Optional.empty(), DeLong.of(new double[] {1, 2}, new double[0]));
    assertEquals(Optional.empty(), DeLong.of(new double[0], new double[] {1}));
  }

  @Test
  void allScoresEqual_isChanceWithoutInterval() {
    Auroc auroc = DeLong.of(new double[] {1, 1, 1}, new double[] {1, 1}).orElseThrow();
    assertEquals(0.5, auroc.value(), 0);
    assertTrue(auroc.interval().isEmpty());
    assertEquals(Verdict.CHANCE, auroc.verdict());
  }

  @Test
  void completeSeparation_countsOnlyWithEnoughSamples() {
    // 2 of C(4, 2) = 6 orders separate: 33 %. 2 of C(8, 4) = 70: 2.9 %.
    assertEquals(Verdict.CHANCE, separated(2, 1).verdict());
    assertEquals(Verdict.BETTER, separated(4, 1).verdict());
    assertEquals(Verdict.WORSE, separated(4, -1).verdict());
    assertEquals(Verdict.BETTER, separated(3000, 1).verdict());
    assertTrue(separated(4, 1).interval().isEmpty());
  }

  @Test
  void singleSampleOfALabel_hasValueButNoInterval() {
    Auroc auroc = DeLong.of(new double[] {2}, new double[] {1, 3, 0}).orElseThrow();
    assertEquals(2.0 / 3, auroc.value(), EXACT);
    assertTrue(auroc.interval().isEmpty());
    assertEquals(Verdict.CHANCE, auroc.verdict());
  }

  private static Auroc separated(int each, int sign) {
    double[] positives = IntStream.range(0, each).mapToDouble(i -> sign * (10_000.0 + i)).toArray();
    double[] negatives = IntStream.range(0, each).mapToDouble(i -> i / 1e4).toArray();
    return DeLong.of(positives, negatives).orElseThrow();
  }

  private static JsonNode fixtures() throws IOException {
    try (InputStream json = DeLongTest.class.getResourceAsStream("/evaluate/auroc.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  private static double[] doubles(JsonNode one, String field) {
    return StreamSupport.stream(one.get(field).spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
