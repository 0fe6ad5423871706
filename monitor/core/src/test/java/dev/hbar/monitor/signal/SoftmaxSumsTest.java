package dev.hbar.monitor.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxFast;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a CPU's kernel and what MLX's operations give, which a GPU has, against sums in double. */
@NativeTest
class SoftmaxSumsTest {
  /** Of sums in double, relative to the sum of the terms' sizes. */
  private static final double FUSED = 1e-6;

  /** Of fourth powers, summed in float32 in two stages, up to 2,400 in one. */
  private static final double COMPOSED = 5e-6;

  private MlxScope step;

  @BeforeEach
  void open() {
    step = MlxScope.open("sums");
  }

  @AfterEach
  void close() {
    step.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 50, 8192, 8193, 50_257, 151_936})
  void everyRow_equalsSumsInDouble(int vocabulary) {
    float[][] rows = {gaussian(vocabulary, 2, 1), gaussian(vocabulary, 12, 2), peaked(vocabulary)};
    int[] tokens = {vocabulary / 2, vocabulary - 1, 0};
    float[] flat = new float[3 * vocabulary];
    IntStream.range(0, 3)
        .forEach(i -> System.arraycopy(rows[i], 0, flat, i * vocabulary, vocabulary));
    MlxArray logits = step.floats(flat, 3, vocabulary);
    MlxArray chosen = step.ints(tokens, 3);
    for (SoftmaxSums sums :
        new SoftmaxSums[] {
          SoftmaxSums.of(step, logits, chosen), new SoftmaxSums.Composed(step, logits, chosen)
        }) {
      float[] found =
          step.ops().concatenate(1, sums.chosen(), sums.squares(), sums.sums()).toFloats();
      for (int row = 0; row < 3; row++) {
        require(sums, rows[row], tokens[row], found, 7 * row);
      }
    }
  }

  @Test
  void machineWithKernels_usesThem() {
    SoftmaxSums sums =
        SoftmaxSums.of(step, step.floats(new float[4], 1, 4), step.ints(new int[1], 1));
    assertEquals(
        MlxFast.hasCpuKernels() ? SoftmaxSums.Fused.class : SoftmaxSums.Composed.class,
        sums.getClass());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void logitThatIsNoNumber_reachesEverySum(float bad) {
    for (int place : new int[] {0, 17, 99}) {
      float[] row = gaussian(100, 2, 3);
      row[place] = bad;
      float[] sums =
          SoftmaxSums.of(step, step.floats(row, 1, 100), step.ints(new int[] {50}, 1))
              .sums()
              .toFloats();
      for (float sum : sums) {
        assertTrue(Float.isNaN(sum) || Float.isInfinite(sum), bad + " at " + place + ": " + sum);
      }
    }
  }

  private static void require(SoftmaxSums of, float[] z, int token, float[] found, int at) {
    double greatest = IntStream.range(0, z.length).mapToDouble(i -> z[i]).max().orElseThrow();
    double[] sums = new double[7];
    double[] sizes = new double[7];
    sums[0] = z[token] - greatest;
    sizes[0] = -sums[0];
    for (int i = 0; i < z.length; i++) {
      double d = z[i] - greatest;
      double e = Math.exp(d);
      double[] terms = {
        0,
        i == token ? 0 : e,
        i == token ? 0 : e * e,
        e * d,
        Math.exp(d / 4),
        Math.exp(d / 2),
        d / z.length
      };
      for (int sum = 0; sum < 7; sum++) {
        sums[sum] += terms[sum];
        sizes[sum] += Math.abs(terms[sum]);
      }
    }
    for (int sum = 0; sum < 7; sum++) {
      assertEquals(
          sums[sum],
          found[at + sum],
          (of instanceof SoftmaxSums.Fused ? FUSED : COMPOSED) * sizes[sum],
          "%s, row %s, sum %s".formatted(of.getClass().getSimpleName(), at / 7, sum));
    }
  }

  /** One value far above tens of thousands of small ones, which one float32 sum would lose. */
  private static float[] peaked(int vocabulary) {
    float[] row = gaussian(vocabulary, 1.5f, 4);
    row[vocabulary / 3] = 15;
    return row;
  }

  private static float[] gaussian(int vocabulary, float scale, long seed) {
    Random random = new Random(seed);
    float[] row = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      row[i] = scale * (float) random.nextGaussian();
    }
    return row;
  }
}
