package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.TokenSignals.NonFiniteException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Values computed by hand from the formulas; 1e-12 leaves room for a few roundings. */
class SignalTest {
  private static final double EXACT = 1e-12;

  @Test
  void deltaMuOfUniformLogits_isOneOverRootOfImpurity() {
    // 4 equal logits: I = 1 - 4/16 = 0.75.
    assertEquals(1 / Math.sqrt(0.76), PlainSignals.deltaMu(new float[] {3, 3, 3, 3}), EXACT);
  }

  @Test
  void deltaMuOfOneHotLogits_isTen() {
    assertEquals(10, PlainSignals.deltaMu(new float[] {0, 60000, 0}), EXACT);
  }

  @Test
  void deltaMuOfTwoLogits_matchesHandComputation() {
    // p = (3/4, 1/4): I = 1 - 10/16 = 0.375.
    float[] logits = {(float) Math.log(3), 0};
    assertEquals(1 / Math.sqrt(0.385), PlainSignals.deltaMu(logits), 1e-7);
  }

  @Test
  void deltaMuOfHugeLogits_doesNotOverflow() {
    assertEquals(
        1 / Math.sqrt(0.51), PlainSignals.deltaMu(new float[] {3e38f, 3e38f, -3e38f}), EXACT);
  }

  @Test
  void deltaSigmaOfIdenticalStates_isZero() {
    float[] h = {1, -2, 3};
    assertEquals(0, PlainSignals.deltaSigma(new float[][] {h, h.clone(), h.clone()}), EXACT);
  }

  @Test
  void deltaSigmaOfOppositeStates_isOne() {
    float[][] blocks = {{100, 0}, {-7, 0}};
    assertEquals(1, PlainSignals.deltaSigma(blocks), 1e-9);
  }

  @Test
  void deltaSigmaOfOrthogonalStates_isRootOneHalf() {
    // Mean (1/2, 1/2); each at squared distance 1/2.
    assertEquals(Math.sqrt(0.5), PlainSignals.deltaSigma(new float[][] {{5, 0}, {0, 9}}), 1e-9);
  }

  @Test
  void deltaSigmaOfMassiveActivations_doesNotOverflow() {
    // Squares of these overflow float16 (above 255) and float32 (above 1.8e19).
    float[][] blocks = {{6.5e4f, 0}, {0, 3e30f}};
    assertEquals(Math.sqrt(0.5), PlainSignals.deltaSigma(blocks), 1e-9);
  }

  @Test
  void deltaSigmaOfZeroStates_isZero() {
    assertEquals(0, PlainSignals.deltaSigma(new float[2][3]), EXACT);
  }

  @Test
  void surpriseOfUniformLogits_isLogOfVocabulary() {
    assertEquals(Math.log(8), PlainSignals.surprise(new float[8], 3), EXACT);
  }

  @Test
  void surpriseNearCertainty_keepsItsDigits() {
    // p = 1 / (1 + e^-40): S = e^-40 to the last digit, while -ln(p) in double is 0.
    assertEquals(Math.exp(-40), PlainSignals.surprise(new float[] {40, 0}, 0), 1e-29);
  }

  @Test
  void surpriseOfImpossibleToken_isTheFloor() {
    assertEquals(Signal.MAX_SURPRISE, PlainSignals.surprise(new float[] {-3e38f, 3e38f}, 0), 0);
    assertEquals(23.025850929940457, Signal.MAX_SURPRISE, EXACT);
  }

  @Test
  void driftOfIdenticalDirections_isZero() {
    assertEquals(0, PlainSignals.drift(new float[] {1, 2}, new float[] {10, 20}), EXACT);
  }

  @Test
  void driftOfOppositeAndOrthogonalStates_isTwoAndOne() {
    assertEquals(2, PlainSignals.drift(new float[] {1, 0}, new float[] {-3, 0}), EXACT);
    assertEquals(1, PlainSignals.drift(new float[] {1, 0}, new float[] {0, 6e4f}), EXACT);
  }

  @Test
  void driftOfZeroState_isOneNotNaN() {
    assertEquals(1, PlainSignals.drift(new float[2], new float[] {1, 1}), EXACT);
  }

  @Test
  void tokenSignals_deriveHbarAndPri() {
    TokenSignals signals = TokenSignals.of(5, 8, 0.5, 2, 1.5, 0.1);
    assertEquals(2, signals.hbar(), EXACT);
    assertEquals(2.3, signals.pri(), EXACT);
    assertTrue(signals.requireFinite(0) == signals);
  }

  @Test
  void firstToken_hasItsSurpriseAsPri() {
    assertEquals(2, TokenSignals.of(5, 8, 0.5, 2, 0, 0.1).pri(), 0);
  }

  @Test
  void valuesThatDoNotMatchTheStudysSignals_areRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new TokenSignals(5, 2, 8, 0.5));
    assertTrue(e.getMessage().contains("3 values for the 6 signals [hbar, dmu"), e.getMessage());
  }

  @Test
  void signalThatWasNotMeasured_isRefusedByName() {
    TokenSignals signals = TokenSignals.of(5, 8, 0.5, 2, 1.5, 0.1);
    assertFalse(signals.has(DistributionSignals.RENYI));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> signals.get(DistributionSignals.RENYI));
    assertTrue(e.getMessage().startsWith("renyi was not measured"), e.getMessage());
  }

  @Test
  void everyId_belongsToOneSignal() {
    List<String> ids =
        Stream.of(
                Signal.STUDY,
                List.of(Signal.PERPLEXITY, Signal.JOINT, Signal.DETECTOR),
                DistributionSignals.ALL,
                GivenSignals.ALL,
                SamplingSignals.ALL)
            .flatMap(List::stream)
            .map(Signal::id)
            .toList();
    assertEquals(ids.size(), Set.copyOf(ids).size(), ids.toString());
    for (String id : ids) {
      assertEquals(id, Signal.of(id).id());
      assertFalse(Signal.of(id).formula().isEmpty(), id);
    }
    assertEquals(Signal.drift(12), Signal.of("drift_12"));
    assertEquals(Polarity.HIGH, Signal.of("prompt_tokens").risky());
    assertEquals(Polarity.LOW, Signal.of("context_gain").risky());
  }

  @Test
  void scores_areInTheOrderOfAScoreFile() {
    assertEquals(
        "[hbar, pri, surprise, dmu, dsigma, dh, perplexity, entropy_mean, entropy_max, max_prob,"
            + " margin, renyi, fisher_rao, self_certainty, topk_negentropy, boosted_prob, drift_7,"
            + " drift_2]",
        Signal.scores(List.of(7, 2)).toString());
  }

  @Test
  void scoreOfASample_isItsAggregateOverTheTokensThatHaveTheSignal() {
    TokenSignals first = TokenSignals.of(5, 8, 0.5, 2, 0, 0.1);
    TokenSignals last = TokenSignals.of(6, 8, 0.5, 3, 0, 0.1);
    Map<Signal, Double> scores =
        TokenSignals.scores(List.of(first.with(Map.of(Signal.DETECTOR, -1.5)), last));
    assertEquals(
        List.of("hbar", "pri", "surprise", "dmu", "dsigma", "dh", "perplexity", "detector"),
        scores.keySet().stream().map(Signal::id).toList());
    assertEquals(2.5, scores.get(Signal.PERPLEXITY), EXACT);
    assertEquals(-1.5, scores.get(Signal.DETECTOR), 0, "the last token has no state of its own");
  }

  @Test
  void tokenSignalsWithNaN_areRefusedByName() {
    TokenSignals signals = TokenSignals.of(5, 8, Double.NaN, 2, 0, 0.1);
    NonFiniteException e = assertThrows(NonFiniteException.class, () -> signals.requireFinite(3));
    String said = e.getMessage();
    assertTrue(said.startsWith("non-finite dsigma at step 3: "), said);
    assertTrue(said.contains("check them with hbar inspect --weights"), said);
    Path checkpoint = Path.of("models", "tiny");
    NonFiniteException named =
        assertThrows(NonFiniteException.class, () -> signals.requireFinite(3, checkpoint));
    assertTrue(named.getMessage().contains("step 3 of " + checkpoint + ": "), named.getMessage());
  }
}
