package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The plain-Java signals against the tools they come from, and against values by hand. */
class EstimatorsTest {
  /** The tools compute in double but for lm-polygraph's softmax at T = 2, which is float32. */
  private static final double TOLERANCE = 2e-6;

  private static final double EXACT = 1e-12;

  @Test
  void tokens_equalTheirTools() throws IOException {
    int compared = 0;
    for (EstimatorFixtures.Case sample : EstimatorFixtures.read()) {
      for (EstimatorFixtures.Row row : sample.rows()) {
        Map<Signal, Double> found = PlainSignals.distribution(row.logits(), row.token());
        assertEquals(DistributionSignals.ALL, List.copyOf(found.keySet()));
        for (Signal signal : DistributionSignals.ALL) {
          String theirs = signal == DistributionSignals.ENTROPY ? "entropy_mean" : signal.id();
          double expected = EstimatorFixtures.oriented(row.expected(), theirs, row.logits().length);
          if (!Double.isNaN(expected)) {
            compared++;
            close(row.name() + " " + signal, expected, found.get(signal));
          }
        }
      }
    }
    // Twelve tokens with eight signals; a vocabulary of ten has no fifteen likeliest for uqlm.
    assertEquals(12 * 8 - 2, compared);
  }

  @Test
  void perplexityScore_equalsItsTool() throws IOException {
    for (EstimatorFixtures.Case sample : EstimatorFixtures.read()) {
      double[] surprises =
          sample.rows().stream()
              .mapToDouble(row -> PlainSignals.surprise(row.logits(), row.token()))
              .toArray();
      double expected = sample.expected().get("perplexity").doubleValue();
      if (Arrays.stream(surprises).max().orElseThrow() < Signal.MAX_SURPRISE) {
        close(sample.name(), expected, Aggregate.MEAN.of(surprises));
      } else {
        assertTrue(Aggregate.MEAN.of(surprises) < expected, "the tool has no ceiling");
      }
    }
  }

  @Test
  void uniformRow_isTheMostUncertain() {
    float[] uniform = new float[64];
    assertEquals(Math.log(64), PlainSignals.entropy(uniform), EXACT);
    assertEquals(63 / 64.0, PlainSignals.maxProb(uniform), EXACT);
    assertEquals(0, PlainSignals.margin(uniform), EXACT);
    assertEquals(1, PlainSignals.overlap(uniform), EXACT);
    assertEquals(0, PlainSignals.renyi(1), EXACT);
    assertEquals(0, PlainSignals.fisherRao(1 + 1e-9), EXACT);
    assertEquals(0, PlainSignals.selfCertainty(uniform), EXACT);
    assertEquals(0, PlainSignals.topkNegentropy(uniform), EXACT);
    assertEquals(-1 / 64.0, PlainSignals.boosted(uniform, 3), EXACT);
  }

  @Test
  void confidentRow_keepsTheDigitsOfItsDoubt() {
    // p = 1 / (1 + e^-40): 1 - p and H are e^-40 and e^-40 (1 + 40), while 1 - p in double is 0.
    float[] logits = {40, 0};
    assertEquals(Math.exp(-40), PlainSignals.maxProb(logits), 1e-29);
    assertEquals(41 * Math.exp(-40), PlainSignals.entropy(logits), 1e-15);
    assertEquals(-1, PlainSignals.margin(logits), EXACT);
    assertEquals(-1, PlainSignals.boosted(logits, 0), EXACT);
  }

  @Test
  void twoGoodTokens_boostEachOther() {
    // p = (0.48, 0.48, 0.04): the last drop is behind the second.
    float[] logits = {(float) Math.log(12), (float) Math.log(12), 0};
    assertEquals(-0.96, PlainSignals.boosted(logits, 1), 1e-6);
    assertEquals(-0.04, PlainSignals.boosted(logits, 2), 1e-6);
  }

  @Test
  void furtherSignalThatIsNaN_isRefusedByName() {
    TokenSignals signals =
        TokenSignals.of(5, 8, 0.5, 2, 0, 0.1).with(Map.of(DistributionSignals.RENYI, Double.NaN));
    NonFiniteException e = assertThrows(NonFiniteException.class, () -> signals.requireFinite(3));
    assertTrue(e.getMessage().contains("renyi at step 3"), e.getMessage());
  }

  private static void close(String name, double expected, double actual) {
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), name);
  }
}
