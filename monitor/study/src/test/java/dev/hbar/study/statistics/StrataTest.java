package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/auroc.py (scikit-learn, the pairwise definition) and evidence.py. */
class StrataTest {
  private static final double EXACT = 1e-12;

  @Test
  void placements_agreeWithScikitLearnAndTheDefinition() throws IOException {
    JsonNode cases = fixture("auroc.json");
    assertEquals(6, cases.size());
    for (JsonNode one : cases) {
      Placements found = Placements.of(doubles(one, "positives"), doubles(one, "negatives"));
      String name = one.get("name").asText();
      assertEquals(one.get("auroc").doubleValue(), found.auroc(), EXACT, name);
      assertEquals(one.get("variance").doubleValue(), found.variance(), EXACT, name);
    }
  }

  @Test
  void threeTasks_areComparedWithinThemselvesOnly() throws IOException {
    JsonNode tasks = fixture("evidence.json").get("tasks");
    int[] labels = ints(doubles(tasks, "labels"));
    int[] recordOf = IntStream.range(0, labels.length).map(i -> i / 2).toArray();
    int[] taskOf = new int[labels.length];
    Arrays.fill(taskOf, 24, 74, 1);
    Arrays.fill(taskOf, 74, 154, 2);
    Strata strata = new Strata(taskOf, recordOf, labels);
    List<Placements> pri = strata.placements(doubles(tasks, "pri"));
    List<Placements> length = strata.placements(doubles(tasks, "answer_tokens"));
    assertEquals(77, strata.records());
    assertEstimate(tasks.get("chance"), strata.auroc(pri), 0.5);
    assertEstimate(tasks.get("length"), strata.auroc(length), 0.5);
    assertEstimate(tasks.get("against_length"), strata.difference(pri, length), 0);
    // Moving a whole task changes nothing within it, but would move a pooled area.
    double[] moved = doubles(tasks, "pri");
    IntStream.range(0, 24).forEach(i -> moved[i] += 100);
    assertEstimate(tasks.get("chance"), strata.auroc(strata.placements(moved)), 0.5);
  }

  @Test
  void fewRecords_falseAlarmsKeepTheirShare() {
    SplittableRandom random = new SplittableRandom(5);
    int[] labels = IntStream.range(0, 40).map(i -> i % 2).toArray();
    int[] recordOf = IntStream.range(0, 40).map(i -> i / 2).toArray();
    Strata strata = new Strata(new int[40], recordOf, labels);
    int alarms = 0;
    for (int draw = 0; draw < 4000; draw++) {
      double[] noise = random.doubles(40).toArray();
      alarms += strata.auroc(strata.placements(noise)).p() < 0.05 ? 1 : 0;
    }
    // The normal reference gives 0.070 at 20 records, Student's t 0.054 (both +-0.004).
    assertEquals(0.05, alarms / 4000.0, 0.012);
  }

  @Test
  void allScoresEqual_isChanceWithoutInterval() {
    Strata strata = new Strata(new int[6], new int[] {0, 0, 1, 1, 2, 2}, labels(3));
    Estimate auroc = strata.auroc(strata.placements(new double[6]));
    assertEquals(0.5, auroc.value(), 0);
    assertTrue(auroc.interval().isEmpty());
    assertEquals(1, auroc.p());
  }

  @Test
  void completeSeparation_countsByItsOrders() {
    // Within each of n records the labels could have come the other way round: 2 of 2^n orders.
    assertEquals(2 / 32.0, separated(5, 1).p(), EXACT);
    assertEquals(2 / 64.0, separated(6, -1).p(), EXACT);
    assertEquals(0, separated(6, -1).value(), EXACT);
    assertTrue(separated(5, 1).interval().isEmpty());
    assertTrue(separated(3000, 1).p() < 1e-300);
    // Eight answers to eight questions: 2 of C(8, 4) = 70.
    Strata alone = new Strata(new int[8], IntStream.range(0, 8).toArray(), labels(4));
    double[] scores = IntStream.range(0, 8).mapToDouble(i -> i % 2 * 10 + i).toArray();
    assertEquals(2 / 70.0, alone.auroc(alone.placements(scores)).p(), EXACT);
  }

  @Test
  void taskWithOneLabel_isLeftOut() {
    int[] labels = {0, 1, 0, 1, 1, 1};
    Strata strata = new Strata(new int[] {0, 0, 0, 0, 1, 1}, new int[] {0, 0, 1, 1, 2, 3}, labels);
    assertEquals(1, strata.size());
    assertEquals(2, strata.records());
    double[] scores = {1, 3, 2, 1.5, -9, -9};
    assertEquals(0.75, strata.auroc(strata.placements(scores)).value(), EXACT);
  }

  private static Estimate separated(int records, int sign) {
    int[] recordOf = IntStream.range(0, 2 * records).map(i -> i / 2).toArray();
    Strata strata = new Strata(new int[2 * records], recordOf, labels(records));
    double[] scores =
        IntStream.range(0, 2 * records).mapToDouble(i -> sign * (i % 2 * 10_000 + i)).toArray();
    return strata.auroc(strata.placements(scores));
  }

  private static void assertEstimate(JsonNode expected, Estimate found, double moved) {
    assertEquals(expected.get("value").doubleValue() + moved, found.value(), EXACT);
    assertEquals(expected.get("standard_error").doubleValue(), found.standardError(), EXACT);
    assertEquals(expected.get("freedom").doubleValue(), found.freedom());
    assertEquals(expected.get("p").doubleValue(), found.p(), 1e-10);
  }

  private static int[] labels(int each) {
    return IntStream.range(0, 2 * each).map(i -> i % 2).toArray();
  }

  private static int[] ints(double[] values) {
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  private static JsonNode fixture(String name) throws IOException {
    try (InputStream json = StrataTest.class.getResourceAsStream("/evaluate/" + name)) {
      return new ObjectMapper().readTree(json);
    }
  }

  private static double[] doubles(JsonNode one, String field) {
    return StreamSupport.stream(one.get(field).spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
