package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.family.Forward;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signals in the graph against the plain-Java ones, on ordinary and on extreme rows. */
@NativeTest
class SignalProbeTest {
  private static final int LAYERS = 4;
  private static final int HIDDEN = 16;
  private static final int VOCABULARY = 50;

  /** Where another token than the likeliest was chosen, 1 - sum p^2 keeps 1e-7 absolute. */
  private static final double RELATIVE = 3e-5;

  private final Random random = new Random(7);

  @Test
  void randomRows_equalPlainJava() {
    float[][] logits = {gaussian(VOCABULARY, 3), gaussian(VOCABULARY, 10)};
    compare(logits, new int[] {3, 17}, 1f);
  }

  @Test
  void confidentRow_keepsItsSmallSurprise() {
    float[] logits = gaussian(VOCABULARY, 1);
    logits[5] = 20;
    compare(new float[][] {logits}, new int[] {5}, 1f);
  }

  @Test
  void unlikelyToken_endsAtTheCeiling() {
    float[] logits = new float[VOCABULARY];
    logits[5] = 200;
    compare(new float[][] {logits}, new int[] {6}, 1f);
  }

  @Test
  void uniformRow_hasTheSurpriseOfItsSize() {
    compare(new float[][] {new float[VOCABULARY]}, new int[] {0}, 1f);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 100, 49_152, 50_257})
  void tailOfALargeVocabulary_keepsItsMass(int vocabulary) {
    // One large value early in the row, then tens of thousands of small ones. In one float32 sum
    // they lose 2e-5 to 1.3e-4 nats of surprise at a real vocabulary's size.
    float[] logits = gaussian(vocabulary, 1.5f);
    logits[1] = 11;
    logits[7] = 9;
    try (MlxScope run = MlxScope.open("run");
        MlxScope step = run.child("step")) {
      SignalProbe probe = SignalProbe.complete(LAYERS, List.of());
      Forward forward =
          new Forward(
              step.floats(logits, 1, vocabulary),
              captured(step, probe, new float[1][LAYERS][HIDDEN]));
      float[] row = probe.measure(step, forward, step.ints(new int[] {7}, 1)).toFloats();
      TokenSignals found = probe.signals(7, row, 0.1);
      double expected = PlainSignals.surprise(logits, 7);
      assertEquals(expected, found.surprise(), 1e-6 * expected);
      double entropy = PlainSignals.entropy(logits);
      assertEquals(entropy, found.get(DistributionSignals.ENTROPY), 2e-6 * entropy);
    }
  }

  @Test
  void massiveActivations_doNotOverflow() {
    compare(new float[][] {gaussian(VOCABULARY, 2)}, new int[] {1}, 60000f);
  }

  @Test
  void lastBlockAlone_givesTheRuptureOfAllBlocks() {
    SignalProbe whole = new SignalProbe(LAYERS);
    SignalProbe last = SignalProbe.lastBlock(LAYERS);
    int[] tokens = {3, 17};
    try (MlxScope run = MlxScope.open("run")) {
      for (int stepIndex = 0; stepIndex < 3; stepIndex++) {
        float[][] logits = {gaussian(VOCABULARY, 3), gaussian(VOCABULARY, 10)};
        float[][][] blocks = new float[2][LAYERS][];
        for (float[][] row : blocks) {
          Arrays.setAll(row, layer -> gaussian(HIDDEN, 1f));
        }
        try (MlxScope step = run.child("step")) {
          float[][] all = measured(step, whole, logits, tokens, blocks);
          float[][] few = measured(step, last, logits, tokens, blocks);
          for (int row = 0; row < 2; row++) {
            TokenSignals expected = whole.signals(tokens[row], all[row], 0.1);
            TokenSignals found = last.signals(tokens[row], few[row], 0.1);
            close("dh", expected.get(Signal.DH), found.get(Signal.DH));
            close("pri", expected.pri(), found.pri());
          }
        }
      }
    }
  }

  private static float[][] measured(
      MlxScope step, SignalProbe probe, float[][] logits, int[] tokens, float[][][] blocks) {
    int rows = tokens.length;
    Forward forward =
        new Forward(step.floats(flat(logits), rows, VOCABULARY), captured(step, probe, blocks));
    float[] flat = probe.measure(step, forward, step.ints(tokens, rows)).toFloats();
    int width = probe.width();
    float[][] measured = new float[rows][];
    Arrays.setAll(measured, row -> Arrays.copyOfRange(flat, row * width, (row + 1) * width));
    return measured;
  }

  /** Two steps, so that the drift has a predecessor. */
  private void compare(float[][] logits, int[] tokens, float scale) {
    int rows = logits.length;
    SignalProbe probe = new SignalProbe(LAYERS);
    try (MlxScope run = MlxScope.open("run")) {
      float[][][] before = new float[rows][][];
      for (int stepIndex = 0; stepIndex < 2; stepIndex++) {
        float[][][] blocks = new float[rows][LAYERS][];
        for (float[][] row : blocks) {
          Arrays.setAll(row, layer -> gaussian(HIDDEN, scale));
        }
        try (MlxScope step = run.child("step")) {
          Forward forward =
              new Forward(
                  step.floats(flat(logits), rows, VOCABULARY), captured(step, probe, blocks));
          float[] measured = probe.measure(step, forward, step.ints(tokens, rows)).toFloats();
          for (int row = 0; row < rows; row++) {
            int width = probe.width();
            float[] mine = Arrays.copyOfRange(measured, width * row, width * (row + 1));
            TokenSignals found = probe.signals(tokens[row], mine, 0.1);
            require(found, logits[row], tokens[row], blocks[row], before[row]);
          }
        }
        before = blocks;
      }
    }
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

  private static void require(
      TokenSignals found, float[] logits, int token, float[][] blocks, float[][] before) {
    double drift = before == null ? 0 : PlainSignals.drift(before[LAYERS - 1], blocks[LAYERS - 1]);
    close("dmu", PlainSignals.deltaMu(logits), found.get(Signal.DMU));
    close("dsigma", PlainSignals.deltaSigma(blocks), found.get(Signal.DSIGMA));
    close("surprise", PlainSignals.surprise(logits, token), found.surprise());
    close("dh", drift, found.get(Signal.DH));
  }

  private static void close(String name, double expected, double actual) {
    assertEquals(expected, actual, RELATIVE * Math.abs(expected) + 1e-12, name);
  }

  private float[] gaussian(int size, float scale) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, all, row * rows[0].length, rows[row].length);
    }
    return all;
  }
}
