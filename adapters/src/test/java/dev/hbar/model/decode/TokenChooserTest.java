package dev.hbar.model.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tokens may be drawn, and how often, against the same rules in plain Java. */
@NativeTest
class TokenChooserTest {
  private static final int VOCABULARY = 40;
  private static final int ROWS = 3;

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1, 0",
    "1, 5, 1, 0",
    "1, 40, 1, 0",
    "1, 100, 1, 0",
    "0.7, 0, 0.9, 0",
    "2, 0, 0.3, 0",
    "1, 0, 0.001, 0",
    "1, 0, 1, 0.1",
    "0.5, 0, 1, 0.9",
    "1.3, 20, 0.8, 0.05",
    "0.8, 3, 0.99, 0.001"
  })
  void filters_keepTheTokensOfPlainJava(float temperature, int topK, float topP, float minP) {
    Sampling sampling = new Sampling(temperature, topK, topP, minP, 1);
    float[][] rows = logits();
    try (MlxScope step = MlxScope.open("step")) {
      MlxArray logits = step.floats(joined(rows), ROWS, VOCABULARY);
      float[] filtered = new TokenChooser(sampling).filtered(step, logits).toFloats();
      for (int row = 0; row < ROWS; row++) {
        Set<Integer> expected = Support.of(rows[row], sampling);
        Set<Integer> kept = new TreeSet<>();
        for (int token = 0; token < VOCABULARY; token++) {
          float value = filtered[row * VOCABULARY + token];
          if (value != Float.NEGATIVE_INFINITY) {
            kept.add(token);
            // Division by the temperature, in float32 on both sides.
            assertEquals(rows[row][token] / temperature, value, 1e-4f);
          }
        }
        assertEquals(expected, kept, "row " + row);
      }
    }
  }

  @Test
  void draws_followTheDistributionAtTheTemperature() {
    Sampling sampling = new Sampling(0.5f, 0, 1f, 0f, 7);
    float[] row = {0f, 0.5f, 1f};
    double[] p = Support.softmax(row, 0.5);
    int draws = 4000;
    int[] counts = new int[row.length];
    TokenChooser chooser = new TokenChooser(sampling);
    try (MlxScope run = MlxScope.open("run")) {
      for (int index = 0; index < draws / 100; index++) {
        try (MlxScope step = run.child("step")) {
          float[] hundred = new float[100 * row.length];
          for (int i = 0; i < hundred.length; i++) {
            hundred[i] = row[i % row.length];
          }
          MlxArray logits = step.floats(hundred, 100, row.length);
          for (float token : floats(step, chooser.choose(step, logits, index))) {
            counts[(int) token]++;
          }
        }
      }
    }
    for (int token = 0; token < row.length; token++) {
      // Five standard deviations of a share over 4000 draws; the seed is fixed.
      double bound = 5 * Math.sqrt(p[token] * (1 - p[token]) / draws);
      assertEquals(p[token], counts[token] / (double) draws, bound, "token " + token);
    }
  }

  @Test
  void sameSeedAndStep_drawTheSameTokens() {
    float[][] rows = logits();
    try (MlxScope step = MlxScope.open("step")) {
      MlxArray logits = step.floats(joined(rows), ROWS, VOCABULARY);
      Set<String> perStep = new TreeSet<>();
      for (int index = 0; index < 20; index++) {
        TokenChooser one = new TokenChooser(new Sampling(2f, 0, 1f, 0f, 11));
        TokenChooser other = new TokenChooser(new Sampling(2f, 0, 1f, 0f, 11));
        float[] tokens = floats(step, one.choose(step, logits, index));
        assertArrayEquals(tokens, floats(step, other.choose(step, logits, index)));
        perStep.add(Arrays.toString(tokens));
      }
      assertTrue(perStep.size() > 10, "steps must draw differently: " + perStep);
    }
  }

  @Test
  void firstToken_dependsOnTheSeed() {
    float[] flat = new float[VOCABULARY];
    Set<Integer> first = new TreeSet<>();
    try (MlxScope step = MlxScope.open("step")) {
      MlxArray logits = step.floats(flat, 1, VOCABULARY);
      for (int seed = 0; seed < 20; seed++) {
        TokenChooser chooser = new TokenChooser(new Sampling(1f, 0, 1f, 0f, seed));
        first.add((int) floats(step, chooser.choose(step, logits, 0))[0]);
      }
    }
    assertTrue(first.size() > 5, "20 seeds have drawn " + first);
  }

  @Test
  void temperatureZero_takesTheLikeliest() {
    float[][] rows = logits();
    try (MlxScope step = MlxScope.open("step")) {
      MlxArray logits = step.floats(joined(rows), ROWS, VOCABULARY);
      float[] tokens = floats(step, new TokenChooser(Sampling.GREEDY).choose(step, logits, 0));
      for (int row = 0; row < ROWS; row++) {
        int likeliest = Support.descending(rows[row])[0];
        assertEquals(likeliest, (int) tokens[row]);
      }
    }
  }

  private static float[] floats(MlxScope step, MlxArray tokens) {
    return step.ops().astype(tokens, DType.FLOAT32).toFloats();
  }

  /** Distinct values in a random order, a flat row and a peaked one among them. */
  private static float[][] logits() {
    Random random = new Random(3);
    float[][] rows = new float[ROWS][VOCABULARY];
    for (int row = 0; row < ROWS; row++) {
      for (int token = 0; token < VOCABULARY; token++) {
        rows[row][token] = (float) (random.nextGaussian() * (0.3 + 2 * row));
      }
    }
    return rows;
  }

  private static float[] joined(float[][] rows) {
    float[] all = new float[ROWS * VOCABULARY];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(rows[row], 0, all, row * VOCABULARY, VOCABULARY);
    }
    return all;
  }
}
