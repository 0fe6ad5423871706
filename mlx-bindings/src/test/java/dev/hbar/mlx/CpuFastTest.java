package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Norm, rope, attention and gates in float32 against sums in double. On a CPU that has them these
 * are hbar's own kernels, elsewhere MLX's.
 */
@NativeTest
class CpuFastTest {
  /** Float32 rounds each of some hundred terms by half a unit in the last place, 6e-8. */
  private static final double TOLERANCE = 4e-6;

  private MlxScope s;

  @BeforeEach
  void open() {
    s = MlxScope.open("test");
  }

  @AfterEach
  void close() {
    s.close();
  }

  @Test
  void processorWithAvx2_hasTheKernels() throws Exception {
    Path processor = Path.of("/proc/cpuinfo");
    Assumptions.assumeTrue(
        Files.exists(processor) && Files.readString(processor).contains(" avx2 "),
        "not an x86 with AVX2");
    assertTrue(MlxFast.hasCpuKernels());
  }

  /** Whole vectors, tails, and more rows than one thread takes. */
  @ParameterizedTest
  @CsvSource({"1, 1", "3, 15", "2, 64", "5, 577", "70, 576"})
  void rmsNorm_isXOverItsRootMeanSquareTimesTheWeight(int rows, int width) {
    MlxArray x = normal(1, rows, width);
    MlxArray weight = normal(2, width);
    float[] values = x.toFloats();
    float[] factors = weight.toFloats();
    requireClose(
        s.fast().rmsNorm(x, weight, 1e-5f).toFloats(),
        i -> {
          int row = i / width * width;
          double squares = 0;
          for (int c = 0; c < width; c++) {
            squares += (double) values[row + c] * values[row + c];
          }
          return values[i] / Math.sqrt(squares / width + 1e-5f) * factors[i % width];
        });
  }

  @Test
  void rmsNormOfTurnedRows_readsThemInTheirOwnOrder() {
    MlxArray x = s.ops().transpose(normal(3, 40, 6), 1, 0);
    MlxArray inOrder = s.floats(x.toFloats(), 6, 40);
    MlxArray weight = s.ops().slice(normal(4, 80), new int[] {40}, new int[] {80});
    assertArrayEquals(
        s.fast().rmsNorm(inOrder, weight, 1e-6f).toFloats(),
        s.fast().rmsNorm(x, weight, 1e-6f).toFloats());
  }

  @ParameterizedTest
  @EnumSource(MlxFast.Gate.class)
  void gate_opensTheOtherFactorAtEveryWidth(MlxFast.Gate gate) {
    Assumptions.assumeTrue(MlxFast.hasCpuKernels(), "needs the CPU kernels");
    for (int width : new int[] {1, 15, 16, 33, 20_000}) {
      MlxArray x = s.ops().multiply(normal(5, 3, width), s.scalar(6f, DType.FLOAT32));
      MlxArray up = normal(6, 3, width);
      float[] in = x.toFloats();
      float[] other = up.toFloats();
      requireClose(
          s.fast().gated(gate, x, up).toFloats(), i -> opened(gate, in[i]) * (double) other[i]);
    }
  }

  @ParameterizedTest
  @EnumSource(MlxFast.Gate.class)
  void gateAtItsEnds_neitherOverflowsNorForgetsNaN(MlxFast.Gate gate) {
    Assumptions.assumeTrue(MlxFast.hasCpuKernels(), "needs the CPU kernels");
    float[] ends = {-1e4f, -104f, -88f, 0f, 88f, 104f, 1e4f, Float.NaN};
    float[] ones = new float[ends.length];
    Arrays.fill(ones, 1f);
    float[] opened =
        s.fast().gated(gate, s.floats(ends, ends.length), s.floats(ones, ends.length)).toFloats();
    for (int i = 0; i < ends.length; i++) {
      assertEquals(Math.max(0f, ends[i]), opened[i], 1e-30f, "at " + ends[i]);
    }
  }

  /** The gates of two halves of one product, which lie in one array. */
  @Test
  void gateOfHalvesOfOneArray_readsEachWhereItLies() {
    Assumptions.assumeTrue(MlxFast.hasCpuKernels(), "needs the CPU kernels");
    MlxArray both = normal(7, 5, 48);
    MlxArray x = s.ops().slice(both, new int[] {0, 0}, new int[] {5, 24});
    MlxArray up = s.ops().slice(both, new int[] {0, 24}, new int[] {5, 48});
    assertArrayEquals(
        s.fast()
            .gated(MlxFast.Gate.SILU, s.floats(x.toFloats(), 5, 24), s.floats(up.toFloats(), 5, 24))
            .toFloats(),
        s.fast().gated(MlxFast.Gate.SILU, x, up).toFloats());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, 5, 8, 8, false, 0",
    "2, 3, 5, 12, 8, true, 7",
    "2, 12, 33, 64, 64, false, 4000"
  })
  void rope_turnsPairsByTheirPositions(
      int batch, int heads, int length, int size, int dims, boolean neighbours, int offset) {
    MlxArray x = s.ops().swapaxes(normal(8, batch, length, heads, size), 1, 2);
    float[] values = x.toFloats();
    float[] turned = s.fast().rope(x, dims, neighbours, 10_000f, 0.5f, offset).toFloats();
    requireClose(
        turned, i -> turned(values, i, size, dims, neighbours, i / size % length + offset));
  }

  @Test
  void ropeWithAnOffsetForEachRow_turnsEachRowByItsOwn() {
    int[] first = {3, 0, 900};
    MlxArray x = normal(9, 3, 2, 4, 16);
    MlxArray offsets = s.ints(first, 3);
    float[] values = x.toFloats();
    float[] turned =
        s.fast()
            .rope(x, 16, false, Optional.of(10_000f), 0.5f, offsets, Optional.empty())
            .toFloats();
    requireClose(
        turned, i -> turned(values, i, 16, 16, false, i / 16 % 4 + first[i / (2 * 4 * 16)]));
  }

  @Test
  void ropeOfPeriods_isThatOfTheirBase() {
    MlxArray x = normal(10, 1, 2, 9, 8);
    float[] periods = new float[4];
    for (int i = 0; i < 4; i++) {
      periods[i] = (float) Math.pow(10_000, i / 4.0);
    }
    requireSame(
        s.fast().rope(x, 8, false, 10_000f, 1f, 5).toFloats(),
        s.fast().rope(x, 8, false, s.floats(periods, 4), 1f, 5).toFloats());
  }

  /** Sizes that are no whole vectors, one query at every range of keys, blocks of queries. */
  @ParameterizedTest
  @CsvSource({
    "1, 2, 1, 1, 1, 8",
    "2, 4, 2, 5, 5, 20",
    "1, 9, 3, 70, 130, 64",
    "1, 6, 6, 3, 70, 24",
    "2, 9, 3, 1, 512, 64",
    "1, 9, 3, 1, 513, 64",
    "1, 4, 2, 1, 1300, 20",
    "1, 2, 1, 300, 300, 16"
  })
  void attention_isTheSoftmaxOfScoresTimesTheValues(
      int batch, int heads, int kvHeads, int queries, int keys, int size) {
    MlxArray q = normal(11, batch, heads, queries, size);
    // As a cache gives them: the beginning of a longer buffer.
    int[] stop = {batch, kvHeads, keys, size};
    MlxArray k = s.ops().slice(normal(12, batch, kvHeads, keys + 9, size), new int[4], stop);
    MlxArray v = s.ops().slice(normal(13, batch, kvHeads, keys + 9, size), new int[4], stop);
    MlxArray added = normal(14, batch, 1, queries, keys);
    float[] mask = added.toFloats();
    Scores scores = new Scores(q.toFloats(), k.toFloats(), v.toFloats(), heads, kvHeads, size);
    float scale = 0.3f;
    for (Mask form : new Mask[] {Mask.NONE, Mask.CAUSAL, new Mask.Additive(added)}) {
      float[] answers = s.fast().scaledDotProductAttention(q, k, v, scale, form).toFloats();
      requireClose(
          answers,
          i -> {
            int query = i / size % queries;
            int row = i / (size * queries * heads);
            return scores.answer(
                i,
                queries,
                keys,
                scale,
                key ->
                    switch (form) {
                      case Mask.None none -> 0;
                      case Mask.Causal causal ->
                          key > query + keys - queries ? Double.NEGATIVE_INFINITY : 0;
                      case Mask.Additive additive -> mask[(row * queries + query) * keys + key];
                    });
          });
    }
  }

  @Test
  void attentionToKeysBeforeAHiddenRange_skipsIt() {
    MlxArray q = normal(15, 1, 2, 1, 16);
    MlxArray k = normal(16, 1, 1, 700, 16);
    MlxArray v = normal(17, 1, 1, 700, 16);
    float[] hidden = new float[700];
    Arrays.fill(hidden, 0, 640, Float.NEGATIVE_INFINITY);
    int[] from = {0, 0, 640, 0};
    int[] to = {1, 1, 700, 16};
    requireSame(
        s.fast()
            .scaledDotProductAttention(
                q, s.ops().slice(k, from, to), s.ops().slice(v, from, to), 0.25f, Mask.NONE)
            .toFloats(),
        s.fast()
            .scaledDotProductAttention(
                q, k, v, 0.25f, new Mask.Additive(s.floats(hidden, 1, 1, 1, 700)))
            .toFloats());
  }

  @Test
  void notANumberInOneQuery_staysThere() {
    float[] values = normal(18, 1, 2, 80, 16).toFloats();
    values[16 * 3] = Float.NaN;
    MlxArray k = normal(19, 1, 2, 80, 16);
    float[] answers =
        s.fast()
            .scaledDotProductAttention(s.floats(values, 1, 2, 80, 16), k, k, 0.25f, Mask.CAUSAL)
            .toFloats();
    for (int i = 0; i < answers.length; i++) {
      assertEquals(i / 16 == 3, Float.isNaN(answers[i]), "index " + i);
    }
  }

  @Test
  void otherTypes_areMlxsOwn() {
    MlxArray x = s.ops().astype(normal(20, 2, 32), DType.BFLOAT16);
    MlxArray weight = s.ops().astype(normal(21, 32), DType.BFLOAT16);
    assertEquals(DType.BFLOAT16, s.fast().rmsNorm(x, weight, 1e-5f).dtype());
    MlxArray q = s.ops().astype(normal(22, 1, 2, 3, 8), DType.FLOAT16);
    assertEquals(
        DType.FLOAT16, s.fast().scaledDotProductAttention(q, q, q, 1f, Mask.CAUSAL).dtype());
  }

  private record Scores(float[] q, float[] k, float[] v, int heads, int kvHeads, int size) {
    /** Element i of the answers [B, heads, queries, size]. */
    double answer(int i, int queries, int keys, float scale, IntToDoubleFunction mask) {
      int head = i / (size * queries) % heads;
      int row = i / (size * queries * heads);
      int from = (row * kvHeads + head * kvHeads / heads) * keys * size;
      double shares = 0;
      double sum = 0;
      for (int key = 0; key < keys; key++) {
        double score = mask.applyAsDouble(key);
        for (int d = 0; d < size; d++) {
          score += (double) q[i / size * size + d] * scale * k[from + key * size + d];
        }
        shares += Math.exp(score);
        sum += Math.exp(score) * v[from + key * size + i % size];
      }
      return sum / shares;
    }
  }

  private static double opened(MlxFast.Gate gate, double x) {
    double inner =
        switch (gate) {
          case SILU -> x;
          case GELU_TANH -> 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        };
    return x / (1 + Math.exp(-inner));
  }

  /** Element i of x [..., length, size], turned at a position that is halved first. */
  private static double turned(
      float[] x, int i, int size, int dims, boolean neighbours, int position) {
    int at = i % size;
    if (at >= dims) {
      return x[i];
    }
    int half = dims / 2;
    int pair = neighbours ? at / 2 : at % half;
    boolean first = neighbours ? at % 2 == 0 : at < half;
    int other = neighbours ? (first ? i + 1 : i - 1) : first ? i + half : i - half;
    // Angles are float32 in every implementation: one of 2,000 is rounded by 6e-5.
    float angle = position * 0.5f * (float) Math.pow(10_000, -2.0 * pair / dims);
    return first
        ? x[i] * Math.cos(angle) - x[other] * Math.sin(angle)
        : x[other] * Math.sin(angle) + x[i] * Math.cos(angle);
  }

  private MlxArray normal(int seed, int... shape) {
    return s.random().normal(s.random().key(seed), DType.FLOAT32, shape);
  }

  private static void requireSame(float[] expected, float[] actual) {
    requireClose(actual, i -> expected[i]);
  }

  private static void requireClose(float[] actual, IntToDoubleFunction expected) {
    double worst = 0;
    int at = 0;
    for (int i = 0; i < actual.length; i++) {
      double wanted = expected.applyAsDouble(i);
      double error = Math.abs(wanted - actual[i]) / (1 + Math.abs(wanted));
      if (!(error <= worst)) {
        worst = error;
        at = i;
      }
    }
    assertTrue(worst < TOLERANCE, "off by " + worst + " at " + at);
  }
}
