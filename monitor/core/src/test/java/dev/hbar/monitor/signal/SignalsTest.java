package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Values computed by hand from the formulas; 1e-12 leaves room for a few roundings. */
class SignalsTest {
  private static final double EXACT = 1e-12;

  @Test
  void deltaMuOfUniformLogits_isOneOverRootOfImpurity() {
    // 4 equal logits: I = 1 - 4/16 = 0.75.
    assertEquals(1 / Math.sqrt(0.76), DeltaMu.of(new float[] {3, 3, 3, 3}, 0), EXACT);
  }

  @Test
  void deltaMuOfOneHotLogits_isTen() {
    assertEquals(10, DeltaMu.of(new float[] {0, 60000, 0}, 0), EXACT);
  }

  @Test
  void deltaMuOfTwoLogits_matchesHandComputation() {
    // p = (3/4, 1/4): I = 1 - 10/16 = 0.375.
    float[] logits = {(float) Math.log(3), 0};
    assertEquals(1 / Math.sqrt(0.385), DeltaMu.of(logits, 0), 1e-7);
  }

  @Test
  void deltaMuOfHugeLogits_doesNotOverflow() {
    assertEquals(1 / Math.sqrt(0.51), DeltaMu.of(new float[] {3e38f, 3e38f, -3e38f}, 0), EXACT);
  }

  @Test
  void deltaSigmaOfIdenticalStates_isZero() {
    float[] h = {1, -2, 3};
    assertEquals(0, DeltaSigma.of(new float[][] {h, h.clone(), h.clone()}, 0), EXACT);
  }

  @Test
  void deltaSigmaOfOppositeStates_isOne() {
    float[][] blocks = {{100, 0}, {-7, 0}};
    assertEquals(1, DeltaSigma.of(blocks, 0), 1e-9);
  }

  @Test
  void deltaSigmaOfOrthogonalStates_isRootOneHalf() {
    // Mean (1/2, 1/2); each at squared distance 1/2.
    assertEquals(Math.sqrt(0.5), DeltaSigma.of(new float[][] {{5, 0}, {0, 9}}, 0), 1e-9);
  }

  @Test
  void deltaSigmaOfMassiveActivations_doesNotOverflow() {
    // Squares of these overflow float16 (above 255) and float32 (above 1.8e19).
    float[][] blocks = {{6.5e4f, 0}, {0, 3e30f}};
    assertEquals(Math.sqrt(0.5), DeltaSigma.of(blocks, 0), 1e-9);
  }

  @Test
  void deltaSigmaOfZeroStates_isZero() {
    assertEquals(0, DeltaSigma.of(new float[2][3], 0), EXACT);
  }

  @Test
  void semanticUncertainty_isGeometricMean() {
    assertEquals(2, SemanticUncertainty.of(8, 0.5), EXACT);
  }

  @Test
  void surpriseOfUniformLogits_isLogOfVocabulary() {
    assertEquals(Math.log(8), Surprise.of(new float[8], 3, 0), EXACT);
  }

  @Test
  void surpriseNearCertainty_keepsItsDigits() {
    // p = 1 / (1 + e^-40): S = e^-40 to the last digit, while -ln(p) in double is 0.
    assertEquals(Math.exp(-40), Surprise.of(new float[] {40, 0}, 0, 0), 1e-29);
  }

  @Test
  void surpriseOfImpossibleToken_isTheFloor() {
    assertEquals(Surprise.MAX, Surprise.of(new float[] {-3e38f, 3e38f}, 0, 0), 0);
    assertEquals(23.025850929940457, Surprise.MAX, EXACT);
  }

  @Test
  void driftOfIdenticalDirections_isZero() {
    assertEquals(0, HiddenDrift.of(new float[] {1, 2}, new float[] {10, 20}, 5, 1), EXACT);
  }

  @Test
  void driftOfOppositeAndOrthogonalStates_isTwoAndOne() {
    assertEquals(2, HiddenDrift.of(new float[] {1, 0}, new float[] {-3, 0}, 5, 1), EXACT);
    assertEquals(1, HiddenDrift.of(new float[] {1, 0}, new float[] {0, 6e4f}, 5, 1), EXACT);
  }

  @Test
  void driftOfZeroState_isOneNotNaN() {
    assertEquals(1, HiddenDrift.of(new float[2], new float[] {1, 1}, 5, 1), EXACT);
  }

  @Test
  void ruptureIndex_addsWeightedDrift() {
    assertEquals(2.3, RuptureIndex.of(2, 1.5), EXACT);
    assertEquals(2, RuptureIndex.of(2, HiddenDrift.FIRST), 0);
  }

  @Test
  void failureProbability_isLogisticAroundTau() {
    assertEquals(0.5, FailureProbability.DEFAULT.of(2.0), EXACT);
    assertEquals(1 / (1 + Math.exp(-5)), FailureProbability.DEFAULT.of(3.0), EXACT);
  }

  @Test
  void failureProbabilityFarAway_isClampedAndFinite() {
    assertEquals(1 / (1 + Math.exp(50)), FailureProbability.DEFAULT.of(-1e300), 0);
    assertEquals(1 / (1 + Math.exp(-50)), FailureProbability.DEFAULT.of(1e300), 0);
    assertThrows(IllegalArgumentException.class, () -> new FailureProbability(Double.NaN, 2));
  }

  @Test
  void nonFiniteLogits_areRefusedWithTheirStep() {
    float[][] rows = {{1, Float.NaN}, {Float.POSITIVE_INFINITY, 0}, {0, Float.NEGATIVE_INFINITY}};
    for (float[] row : rows) {
      NonFiniteException mu = assertThrows(NonFiniteException.class, () -> DeltaMu.of(row, 7));
      assertEquals("non-finite logits at step 7", mu.getMessage());
      assertThrows(NonFiniteException.class, () -> Surprise.of(row, 0, 7));
    }
  }

  @Test
  void nonFiniteState_isRefusedWithBlockAndStep() {
    float[][] blocks = {{1, 2}, {1, Float.POSITIVE_INFINITY}};
    NonFiniteException e = assertThrows(NonFiniteException.class, () -> DeltaSigma.of(blocks, 4));
    assertEquals("non-finite hidden state in block 1 at step 4", e.getMessage());
    assertThrows(NonFiniteException.class, () -> HiddenDrift.of(blocks[0], blocks[1], 29, 4));
  }

  @Test
  void tokenSignals_deriveHbarAndPri() {
    TokenSignals signals = TokenSignals.of(5, 8, 0.5, 2, 1.5, 0.1);
    assertEquals(2, signals.hbar(), EXACT);
    assertEquals(2.3, signals.pri(), EXACT);
    assertTrue(signals.requireFinite(0) == signals);
  }

  @Test
  void tokenSignalsWithNaN_areRefusedByName() {
    TokenSignals signals = TokenSignals.of(5, 8, Double.NaN, 2, 0, 0.1);
    NonFiniteException e = assertThrows(NonFiniteException.class, () -> signals.requireFinite(3));
    assertEquals("non-finite dsigma at step 3", e.getMessage());
  }
}
