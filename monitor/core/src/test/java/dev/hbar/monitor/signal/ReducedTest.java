package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The host's arithmetic on what a graph gives, against the tools that the signals come from. */
class ReducedTest {
  /** The numbers of a row are float32, and lm-polygraph's softmax at T = 2 is too. */
  private static final double TOLERANCE = 2e-6;

  private static final List<Reduction> ORDER = List.of(Reduction.values());
  private static final List<Integer> WATCHED = List.of(3, 1, 4);

  @Test
  void everySignal_equalsItsTool() throws IOException {
    int compared = 0;
    for (EstimatorFixtures.Case sample : EstimatorFixtures.read()) {
      for (EstimatorFixtures.Row row : sample.rows()) {
        Reduced reduced = reduced(row.logits(), row.token());
        for (Signal signal : DistributionSignals.ALL) {
          String theirs = signal == DistributionSignals.ENTROPY ? "entropy_mean" : signal.id();
          double expected = EstimatorFixtures.oriented(row.expected(), theirs, row.logits().length);
          if (!Double.isNaN(expected)) {
            compared++;
            close(row.name() + " " + signal, expected, value(signal, reduced));
          }
        }
      }
    }
    assertEquals(12 * 8 - 2, compared);
  }

  @Test
  void studysSignals_equalPlainJava() throws IOException {
    for (EstimatorFixtures.Case sample : EstimatorFixtures.read()) {
      for (EstimatorFixtures.Row row : sample.rows()) {
        Reduced reduced = reduced(row.logits(), row.token());
        close(row.name(), PlainSignals.deltaMu(row.logits()), value(Signal.DMU, reduced));
        double surprise = PlainSignals.surprise(row.logits(), row.token());
        close(row.name(), surprise, value(Signal.SURPRISE, reduced));
      }
    }
  }

  /** 1 - p is e^-40, which 1 - p in double would make 0. */
  @Test
  void certainToken_keepsTheDigitsOfItsDoubt() {
    Reduced reduced = reduced(new float[] {40, 0}, 0);
    double doubt = Math.exp(-40);
    assertEquals(doubt, value(DistributionSignals.MAX_PROB, reduced), 1e-6 * doubt);
    assertEquals(41 * doubt, value(DistributionSignals.ENTROPY, reduced), 1e-6 * doubt);
    assertEquals(doubt, value(Signal.SURPRISE, reduced), 1e-6 * doubt);
    assertEquals(10, value(Signal.DMU, reduced), 1e-12);
  }

  @Test
  void equalTokens_haveNoMarginAndNoNegentropy() {
    Reduced reduced = reduced(new float[300], 7);
    assertEquals(0, value(DistributionSignals.MARGIN, reduced), 0);
    assertEquals(0, value(DistributionSignals.TOPK_NEGENTROPY, reduced), 1e-12);
    assertEquals(299 / 300.0, value(DistributionSignals.MAX_PROB, reduced), 1e-7);
    assertEquals(-1 / 300.0, value(DistributionSignals.BOOSTED_PROB, reduced), 1e-9);
  }

  /**
   * Two equal tokens before others that are equal too. Their drop must be above 0.3 of their
   * probability, which is 0.0885 and 0.0879 here, and above 0.005.
   */
  @ParameterizedTest
  @CsvSource({
    "0.295, 2, 0, 0.59",
    "0.295, 2, 1, 0.59",
    "0.295, 2, 2, 0.205",
    "0.293, 2, 0, 0.293",
    "0.293, 2, 3, 0.207",
    "0.012, 141, 1, 0.024",
    "0.0119, 141, 1, 0.0119"
  })
  void dominantTokens_endAtALargeDrop(double p, int others, int token, double sum) {
    float[] z = new float[2 + others];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) Math.log(i < 2 ? p : (1 - 2 * p) / others);
    }
    assertEquals(-sum, value(DistributionSignals.BOOSTED_PROB, reduced(z, token)), 1e-6);
  }

  @Test
  void drifts_areThoseOfTheirBlocks() {
    Reduced reduced = reduced(new float[] {1, 2, 3}, 1);
    assertEquals(0.25, reduced.drift(3), 1e-7);
    assertEquals(0.5, reduced.drift(1), 1e-7);
    assertEquals(0.75, reduced.drift(4), 1e-7);
    assertEquals(0.75, value(Signal.DH, reduced), 1e-7);
    assertEquals(0.5, value(Signal.drift(1), reduced), 1e-7);
    assertEquals(0.3, value(Signal.DSIGMA, reduced), 1e-7);
  }

  private static double value(Signal signal, Reduced row) {
    ToDoubleFunction<Reduced> onHost = ((Signal.Source.Measured) signal.source()).onHost();
    return onHost.applyAsDouble(row);
  }

  /** What a graph would give, summed in double; spread 0.09 and drifts 0.5, 1 and 1.5 besides. */
  private static Reduced reduced(float[] z, int token) {
    double greatest = IntStream.range(0, z.length).mapToDouble(i -> z[i]).max().orElseThrow();
    double[] sums = new double[7];
    sums[0] = z[token] - greatest;
    for (int i = 0; i < z.length; i++) {
      double d = z[i] - greatest;
      double e = Math.exp(d);
      sums[1] += i == token ? 0 : e;
      sums[2] += i == token ? 0 : e * e;
      sums[3] += e * d;
      sums[4] += Math.exp(d / 4);
      sums[5] += Math.exp(d / 2);
      sums[6] += d / z.length;
    }
    Reduced.Places places = new Reduced.Places(ORDER, WATCHED, z.length);
    float[] row = new float[places.width() + 2];
    for (int i = 0; i < 7; i++) {
      row[i] = (float) sums[i];
    }
    int count = TopLogits.count(z.length);
    float[] ascending = z.clone();
    Arrays.sort(ascending);
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(shuffled, new Random(1));
    for (int i = 0; i < count; i++) {
      row[7 + shuffled.get(i)] = ascending[z.length - 1 - i];
    }
    row[7 + count] = 0.09f;
    for (int i = 0; i < WATCHED.size(); i++) {
      row[8 + count + i] = 0.5f * (i + 1);
    }
    return new Reduced(places, row);
  }

  private static void close(String name, double expected, double actual) {
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), name);
  }
}
