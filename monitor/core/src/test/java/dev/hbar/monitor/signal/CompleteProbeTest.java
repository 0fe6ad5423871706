package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.family.Forward;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every signal in the graph against plain Java, on the rows that other tools were asked about. */
@NativeTest
class CompleteProbeTest {
  private static final int LAYERS = 3;
  private static final int HIDDEN = 8;

  /** Sums of thousands of float32 values, and the arc cosine near 1. */
  private static final double TOLERANCE = 2e-5;

  private final Random random = new Random(3);

  @Test
  void fixtureRows_equalPlainJava() throws IOException {
    for (EstimatorFixtures.Case sample : EstimatorFixtures.read()) {
      List<TokenSignals> found = measure(sample.rows(), List.of(), blocks(sample.rows().size()));
      for (int i = 0; i < found.size(); i++) {
        EstimatorFixtures.Row row = sample.rows().get(i);
        TokenSignals mine = found.get(i);
        Map<Signal, Double> expected = PlainSignals.distribution(row.logits(), row.token());
        assertEquals(
            List.copyOf(expected.keySet()), mine.signals().subList(6, mine.signals().size()));
        expected.forEach(
            (signal, value) -> close(row.name() + " " + signal, value, mine.get(signal)));
        double surprise = PlainSignals.surprise(row.logits(), row.token());
        assertEquals(surprise, mine.surprise(), 1e-4, row.name());
      }
    }
  }

  private static void close(String what, double expected, double actual) {
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), what);
  }

  @Test
  void confidentRow_keepsTheDigitsOfItsDoubt() {
    float[] logits = new float[320];
    logits[7] = 30;
    EstimatorFixtures.Row row = new EstimatorFixtures.Row("confident", logits, 7, null);
    TokenSignals found = measure(List.of(row), List.of(), blocks(1)).getFirst();
    double doubt = PlainSignals.maxProb(logits);
    assertEquals(doubt, found.get(DistributionSignals.MAX_PROB), 1e-5 * doubt);
    double entropy = PlainSignals.entropy(logits);
    assertEquals(entropy, found.get(DistributionSignals.ENTROPY), 1e-5 * entropy);
  }

  @Test
  void tokenThatUnderflows_leavesFiniteSignals() {
    float[] logits = new float[320];
    logits[7] = 300;
    EstimatorFixtures.Row row = new EstimatorFixtures.Row("underflow", logits, 8, null);
    TokenSignals found = measure(List.of(row), List.of(), blocks(1)).getFirst();
    found.requireFinite(0);
    assertEquals(Signal.MAX_SURPRISE, found.surprise(), 1e-5);
    assertEquals(0, found.get(DistributionSignals.BOOSTED_PROB), 1e-45);
  }

  @Test
  void chosenLayers_haveTheirOwnDrift() {
    EstimatorFixtures.Row row = new EstimatorFixtures.Row("drift", new float[32], 1, null);
    float[][][] first = blocks(1);
    float[][][] second = blocks(1);
    List<TokenSignals> found = measure(List.of(row), List.of(2, 0), first, second);
    TokenSignals last = found.getLast();
    List<Signal> all = last.signals();
    assertEquals(
        List.of(Signal.drift(2), Signal.drift(0)), all.subList(all.size() - 2, all.size()));
    for (int layer : List.of(0, 2)) {
      double expected = PlainSignals.drift(first[0][layer], second[0][layer]);
      assertEquals(expected, last.get(Signal.drift(layer)), 1e-5);
      assertEquals(0, found.getFirst().get(Signal.drift(layer)), 0);
    }
    assertEquals(last.get(Signal.drift(2)), last.get(Signal.DH), 0, "the last block's drift is dh");
  }

  @Test
  void rowsThatWatchMoreOrFewerBlocks_joinWithTheirOwnDrift() {
    EstimatorFixtures.Row row = new EstimatorFixtures.Row("joined", new float[32], 1, null);
    float[][][] first = blocks(2);
    float[][][] second = blocks(2);
    try (MlxScope run = MlxScope.open("run")) {
      SignalProbe few = new SignalProbe(LAYERS);
      SignalProbe many = SignalProbe.complete(LAYERS, List.of(0, 1, 2));
      step(run, few, List.of(row), new float[][][] {first[0]});
      step(run, many, List.of(row), new float[][][] {first[1]});
      SignalProbe joined = few.joined(run, List.of(few, many));
      List<TokenSignals> found = step(run, joined, List.of(row, row), second);
      for (int layer = 0; layer < LAYERS; layer++) {
        double expected = PlainSignals.drift(first[1][layer], second[1][layer]);
        assertEquals(expected, found.get(1).get(Signal.drift(layer)), 1e-5);
      }
      double last = PlainSignals.drift(first[0][LAYERS - 1], second[0][LAYERS - 1]);
      assertEquals(last, found.getFirst().get(Signal.DH), 1e-5);
    }
  }

  @Test
  void givenTokens_driftFromTheOneBefore() {
    List<EstimatorFixtures.Row> rows =
        Collections.nCopies(4, new EstimatorFixtures.Row("given", new float[32], 1, null));
    float[][][] states = blocks(4);
    // Two texts of two tokens each.
    SignalProbe probe = SignalProbe.ofGiven(LAYERS, new int[] {0, 0, 2, 2});
    List<TokenSignals> found = measure(probe, rows, states);
    for (int first : List.of(0, 2)) {
      assertEquals(0, found.get(first).get(Signal.DH), 0, "a first token has none");
      double expected =
          PlainSignals.drift(states[first][LAYERS - 1], states[first + 1][LAYERS - 1]);
      assertEquals(expected, found.get(first + 1).get(Signal.DH), 1e-5);
    }
    double pri = found.get(1).surprise() * (1 + 0.1 * found.get(1).get(Signal.DH));
    assertEquals(pri, found.get(1).pri(), 1e-12);
  }

  private List<TokenSignals> measure(
      List<EstimatorFixtures.Row> rows, List<Integer> driftLayers, float[][][]... steps) {
    return measure(SignalProbe.complete(LAYERS, driftLayers), rows, steps);
  }

  /** The signals of every row in every step. */
  private List<TokenSignals> measure(
      SignalProbe probe, List<EstimatorFixtures.Row> rows, float[][][]... steps) {
    List<TokenSignals> found = new ArrayList<>();
    try (MlxScope run = MlxScope.open("run")) {
      for (float[][][] blocks : steps) {
        found.addAll(step(run, probe, rows, blocks));
      }
    }
    return found;
  }

  private static List<TokenSignals> step(
      MlxScope run, SignalProbe probe, List<EstimatorFixtures.Row> rows, float[][][] blocks) {
    int vocabulary = rows.getFirst().logits().length;
    float[] logits = new float[rows.size() * vocabulary];
    int[] tokens = rows.stream().mapToInt(EstimatorFixtures.Row::token).toArray();
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i).logits(), 0, logits, i * vocabulary, vocabulary);
    }
    List<TokenSignals> found = new ArrayList<>();
    try (MlxScope step = run.child("step")) {
      Forward forward =
          new Forward(step.floats(logits, rows.size(), vocabulary), captured(step, probe, blocks));
      float[] measured = probe.measure(step, forward, step.ints(tokens, tokens.length)).toFloats();
      int width = measured.length / tokens.length;
      for (int i = 0; i < tokens.length; i++) {
        float[] mine = Arrays.copyOfRange(measured, i * width, (i + 1) * width);
        found.add(probe.signals(tokens[i], mine, 0.1));
      }
    }
    return found;
  }

  private static Captured captured(MlxScope step, SignalProbe probe, float[][][] blocks) {
    Captured captured = new Captured(probe.request());
    for (int layer = 0; layer < LAYERS; layer++) {
      float[] values = new float[blocks.length * HIDDEN];
      for (int row = 0; row < blocks.length; row++) {
        System.arraycopy(blocks[row][layer], 0, values, row * HIDDEN, HIDDEN);
      }
      captured.offer(
          step, new CapturePoint.BlockOutput(layer), step.floats(values, blocks.length, 1, HIDDEN));
    }
    return captured;
  }

  private float[][][] blocks(int rows) {
    float[][][] blocks = new float[rows][LAYERS][HIDDEN];
    for (float[][] row : blocks) {
      for (float[] state : row) {
        for (int i = 0; i < HIDDEN; i++) {
          state[i] = (float) random.nextGaussian();
        }
      }
    }
    return blocks;
  }
}
