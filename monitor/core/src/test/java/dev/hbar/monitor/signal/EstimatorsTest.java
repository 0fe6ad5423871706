package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        Map<String, Double> found = DistributionSignals.of(row.logits(), row.token(), 0);
        assertEquals(TokenSignals.DISTRIBUTION, List.copyOf(found.keySet()));
        for (String name : TokenSignals.DISTRIBUTION) {
          String theirs = name.equals("entropy") ? "entropy_mean" : name;
          double expected = EstimatorFixtures.oriented(row.expected(), theirs, row.logits().length);
          if (!Double.isNaN(expected)) {
            compared++;
            close(row.name() + " " + name, expected, found.get(name));
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
              .mapToDouble(row -> Surprise.of(row.logits(), row.token(), 0))
              .toArray();
      double expected = sample.expected().get("perplexity").doubleValue();
      if (Arrays.stream(surprises).max().orElseThrow() < Surprise.MAX) {
        close(sample.name(), expected, Perplexity.of(surprises));
      } else {
        assertTrue(Perplexity.of(surprises) < expected, "the tool has no ceiling");
      }
    }
  }

  @Test
  void uniformRow_isTheMostUncertain() {
    float[] uniform = new float[64];
    assertEquals(Math.log(64), TokenEntropy.of(uniform, 0), EXACT);
    assertEquals(63 / 64.0, MaxProbability.of(uniform, 0), EXACT);
    assertEquals(0, ProbabilityMargin.of(uniform, 0), EXACT);
    assertEquals(1, UniformOverlap.of(uniform, 0), EXACT);
    assertEquals(0, RenyiDivergence.of(1), EXACT);
    assertEquals(0, FisherRaoDistance.of(1 + 1e-9), EXACT);
    assertEquals(0, SelfCertainty.of(uniform, 0), EXACT);
    assertEquals(0, TopKNegentropy.of(uniform, 0), EXACT);
    assertEquals(-1 / 64.0, BoostedProbability.of(uniform, 3, 0), EXACT);
  }

  @Test
  void confidentRow_keepsTheDigitsOfItsDoubt() {
    // p = 1 / (1 + e^-40): 1 - p and H are e^-40 and e^-40 (1 + 40), while 1 - p in double is 0.
    float[] logits = {40, 0};
    assertEquals(Math.exp(-40), MaxProbability.of(logits, 0), 1e-29);
    assertEquals(41 * Math.exp(-40), TokenEntropy.of(logits, 0), 1e-15);
    assertEquals(-1, ProbabilityMargin.of(logits, 0), EXACT);
    assertEquals(-1, BoostedProbability.of(logits, 0, 0), EXACT);
  }

  @Test
  void twoGoodTokens_boostEachOther() {
    // p = (0.48, 0.48, 0.04): the last drop is behind the second.
    float[] logits = {(float) Math.log(12), (float) Math.log(12), 0};
    assertEquals(-0.96, BoostedProbability.of(logits, 1, 0), 1e-6);
    assertEquals(-0.04, BoostedProbability.of(logits, 2, 0), 1e-6);
  }

  @Test
  void nonFiniteLogits_areRefusedByEverySignal() {
    float[] bad = {1, Float.NaN, 3};
    assertThrows(NonFiniteException.class, () -> TokenEntropy.of(bad, 4));
    assertThrows(NonFiniteException.class, () -> MaxProbability.of(bad, 4));
    assertThrows(NonFiniteException.class, () -> ProbabilityMargin.of(bad, 4));
    assertThrows(NonFiniteException.class, () -> UniformOverlap.of(bad, 4));
    assertThrows(NonFiniteException.class, () -> SelfCertainty.of(bad, 4));
    assertThrows(NonFiniteException.class, () -> TopKNegentropy.of(bad, 4));
    assertThrows(NonFiniteException.class, () -> BoostedProbability.of(bad, 0, 4));
  }

  @Test
  void furtherSignalThatIsNaN_isRefusedByName() {
    TokenSignals signals = TokenSignals.of(5, 8, 0.5, 2, 0, 0.1).with(Map.of("renyi", Double.NaN));
    NonFiniteException e = assertThrows(NonFiniteException.class, () -> signals.requireFinite(3));
    assertTrue(e.getMessage().contains("renyi at step 3"), e.getMessage());
  }

  private static void close(String name, double expected, double actual) {
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), name);
  }
}
