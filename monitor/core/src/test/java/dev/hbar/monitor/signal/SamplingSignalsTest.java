package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplingSignalsTest {
  private static final double TOLERANCE = 1e-12;
  private static final int[] MEANINGS = {0, 0, 1, 2};
  private static final double[] OVERLAPS = {0.5, 0.25, 1, 0};

  @Test
  void samplesOfThreeMeanings_haveTheEntropiesComputedByHand() {
    Map<Signal, Double> values = of(MEANINGS, logs(0.4, 0.2, 0.3, 0.1));
    // P = 0.6, 0.3, 0.1: -(0.6 ln 0.6 + 0.3 ln 0.3 + 0.1 ln 0.1)
    assertEquals(0.8979457248567798, values.get(SamplingSignals.SEMANTIC_ENTROPY), TOLERANCE);
    // 1/2, 1/4, 1/4: 1.5 ln 2
    assertEquals(
        1.0397207708399179, values.get(SamplingSignals.SEMANTIC_ENTROPY_DISCRETE), TOLERANCE);
    // -ln(0.4 0.2 0.3 0.1) / 4
    assertEquals(1.5080716354070591, values.get(SamplingSignals.SAMPLED_ENTROPY), 1e-9);
    assertEquals(0.7, values.get(SamplingSignals.LEXICAL_SPREAD), TOLERANCE);
    assertEquals(0.75, values.get(SamplingSignals.SEMANTIC_DISSENT), TOLERANCE);
    assertEquals(0.5625, values.get(SamplingSignals.LEXICAL_DISSENT), TOLERANCE);
    assertEquals(SamplingSignals.ALL, List.copyOf(values.keySet()));
  }

  @Test
  void allSamplesLessLikelyByOneFactor_haveTheSameSemanticEntropy() {
    Map<Signal, Double> values = of(MEANINGS, logs(0.04, 0.02, 0.03, 0.01));
    assertEquals(0.8979457248567798, values.get(SamplingSignals.SEMANTIC_ENTROPY), TOLERANCE);
    assertEquals(
        1.5080716354070591 + Math.log(10), values.get(SamplingSignals.SAMPLED_ENTROPY), 1e-9);
  }

  @Test
  void oneMeaning_hasNoEntropyAndNoMinusBeforeIt() {
    Map<Signal, Double> values = of(new int[] {0, 0, 0, 0}, logs(0.4, 0.2, 0.3, 0.1));
    assertEquals("0.0", values.get(SamplingSignals.SEMANTIC_ENTROPY) + "");
    assertEquals("0.0", values.get(SamplingSignals.SEMANTIC_ENTROPY_DISCRETE) + "");
  }

  @Test
  void everySampleOfItsOwnMeaning_hasTheLargestDiscreteEntropy() {
    Map<Signal, Double> values = of(new int[] {0, 1, 2, 3}, logs(0.4, 0.2, 0.3, 0.1));
    assertEquals(Math.log(4), values.get(SamplingSignals.SEMANTIC_ENTROPY_DISCRETE), TOLERANCE);
    // -(0.4 ln 0.4 + 0.2 ln 0.2 + 0.3 ln 0.3 + 0.1 ln 0.1)
    assertEquals(1.2798542258336676, values.get(SamplingSignals.SEMANTIC_ENTROPY), TOLERANCE);
  }

  private static Map<Signal, Double> of(int[] meanings, double[] logprobs) {
    return SamplingSignals.of(meanings, logprobs, 1, OVERLAPS, 0.3);
  }

  private static double[] logs(double... probabilities) {
    return Arrays.stream(probabilities).map(Math::log).toArray();
  }
}
