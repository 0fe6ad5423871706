package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/graded.py: scipy, scikit-learn, pairs counted one by one. */
class GradeAgreementTest {
  private static final double EXACT = 1e-12;

  @Test
  void agreementWithGrades_isThatOfScipy() throws IOException {
    JsonNode cases = fixture();
    assertEquals(4, cases.size());
    for (JsonNode one : cases) {
      GradeAgreement found =
          GradeAgreement.of(
              "x",
              doubles(one, "scores"),
              doubles(one, "grades"),
              Arrays.stream(doubles(one, "records")).mapToInt(r -> (int) r).toArray());
      String name = one.get("name").asText();
      assertEquals(one.get("concordance").doubleValue(), found.concordance(), EXACT, name);
      assertEquals(one.get("spearman").doubleValue(), found.spearman(), EXACT, name);
      assertEquals(one.get("kendall").doubleValue(), found.kendall(), EXACT, name);
      assertEquals(one.get("low").doubleValue(), found.low(), 1e-7, name);
      assertEquals(one.get("high").doubleValue(), found.high(), 1e-7, name);
      assertEquals(one.get("p").doubleValue(), found.p(), 1e-7, name);
      assertEquals(one.get("cuts").size(), found.cuts().size(), name);
      for (int c = 0; c < found.cuts().size(); c++) {
        JsonNode cut = one.get("cuts").get(c);
        assertEquals(cut.get("from").doubleValue(), found.cuts().get(c).from(), 0, name);
        assertEquals(cut.get("hallucinated").intValue(), found.cuts().get(c).hallucinated(), name);
        assertEquals(cut.get("auroc").doubleValue(), found.cuts().get(c).auroc(), EXACT, name);
      }
    }
  }

  @Test
  void chance_isLeftByAboutOneIntervalInTwenty() {
    SplittableRandom random = new SplittableRandom(4);
    int outside = 0;
    int[] recordOf = IntStream.range(0, 60).map(i -> i / 3).toArray();
    for (int run = 0; run < 1000; run++) {
      double[] byRecord = random.doubles(20).toArray();
      double[] scores =
          IntStream.range(0, 60).mapToDouble(i -> byRecord[i / 3] + random.nextDouble()).toArray();
      double[] grades = IntStream.range(0, 60).mapToDouble(i -> random.nextInt(5) / 4.0).toArray();
      GradeAgreement found = GradeAgreement.of("x", scores, grades, recordOf);
      outside += found.low() > 0.5 || found.high() < 0.5 ? 1 : 0;
    }
    assertTrue(outside >= 30 && outside <= 75, outside + " of 1000 leave chance out");
  }

  @Test
  void zerosOfBothSigns_areTied() {
    double[] grades = {0, 0.5, 1, 0.5};
    GradeAgreement found =
        GradeAgreement.of("x", new double[] {0.0, -0.0, 0.0, -0.0}, grades, new int[] {0, 1, 2, 3});
    assertEquals(0.5, found.concordance(), 0);
  }

  @Test
  void labels_areNoGrades() {
    assertFalse(GradeAgreement.isGraded(new double[] {0, 1, 1, 0}));
    assertTrue(GradeAgreement.isGraded(new double[] {0, 1, 0.25}));
  }

  @Test
  void moreThanTenGrades_areCutAtQuartersWithinThem() {
    assertArrayEquals(
        new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}, cuts(0, 0.1, 10), 1e-15);
    assertArrayEquals(new double[] {0.25, 0.5, 0.75}, cuts(0, 0.1, 11));
    assertArrayEquals(new double[] {0.5, 0.75}, cuts(0.25, 0.05, 11), "none lies below 0.25");
  }

  /** Of so many grades, each given twice. */
  private static double[] cuts(double from, double step, int grades) {
    double[] each =
        IntStream.range(0, 2 * grades).mapToDouble(i -> from + i % grades * step).toArray();
    int[] recordOf = IntStream.range(0, each.length).toArray();
    return GradeAgreement.of("x", each, each, recordOf).cuts().stream()
        .mapToDouble(GradeAgreement.Cut::from)
        .toArray();
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in = GradeAgreementTest.class.getResourceAsStream("/evaluate/graded.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static double[] doubles(JsonNode node, String field) {
    return StreamSupport.stream(node.get(field).spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
