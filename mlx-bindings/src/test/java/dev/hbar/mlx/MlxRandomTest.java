package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Draws have no fixed values; they have ranges, means and deviations. 20000 draws each. */
@NativeTest
class MlxRandomTest {
  private static final int COUNT = 20000;
  private static final int[] SHAPE = {COUNT};
  private MlxScope s;
  private MlxArray key;

  @BeforeEach
  void open() {
    s = MlxScope.open("test");
    key = s.random().key(3);
  }

  @AfterEach
  void close() {
    s.close();
  }

  private MlxArray number(float value) {
    return s.scalar(value, DType.FLOAT32);
  }

  /** Smallest, mean, largest and standard deviation are what the distribution has. */
  private static void requireMoments(MlxArray drawn, double mean, double deviation) {
    float[] values = drawn.toFloats();
    assertEquals(COUNT, values.length);
    double found = IntStream.range(0, COUNT).mapToDouble(i -> values[i]).average().orElseThrow();
    double squares =
        IntStream.range(0, COUNT).mapToDouble(i -> Math.pow(values[i] - found, 2)).sum();
    assertEquals(mean, found, 6 * deviation / Math.sqrt(COUNT));
    assertEquals(deviation, Math.sqrt(squares / COUNT), 0.05 * deviation);
  }

  private void requireWithin(MlxArray drawn, float low, float high) {
    assertTrue(s.reduce().min(drawn, false).item() >= low);
    assertTrue(s.reduce().max(drawn, false).item() < high);
  }

  @Test
  void uniform_fillsItsRange() {
    MlxArray drawn = s.random().uniform(number(-1), number(3), SHAPE, DType.FLOAT32, key);
    requireWithin(drawn, -1, 3);
    requireMoments(drawn, 1, 4 / Math.sqrt(12));
  }

  @Test
  void randint_drawsEveryNumberOfItsRange() {
    MlxArray low = s.ints(new int[] {2});
    MlxArray high = s.ints(new int[] {5});
    MlxArray drawn = s.random().randint(low, high, SHAPE, DType.INT32, key);
    assertArrayEquals(
        new int[] {2, 3, 4}, Arrays.stream(drawn.toInts()).distinct().sorted().toArray());
  }

  @Test
  void bernoulli_isTrueAsOftenAsAsked() {
    MlxArray drawn = s.random().bernoulli(number(0.2f), SHAPE, key);
    assertEquals(DType.BOOL, drawn.dtype());
    requireMoments(drawn, 0.2, 0.4);
  }

  @Test
  void bits_haveTheirWidth() {
    assertEquals(DType.UINT8, s.random().bits(SHAPE, 1, key).dtype());
    MlxArray words = s.random().bits(SHAPE, 2, key);
    assertEquals(DType.UINT16, words.dtype());
    requireMoments(words, 32767.5, 65536 / Math.sqrt(12));
  }

  @Test
  void gumbelAndLaplace_haveTheirMoments() {
    requireMoments(s.random().gumbel(SHAPE, DType.FLOAT32, key), 0.5772, Math.PI / Math.sqrt(6));
    requireMoments(s.random().laplace(SHAPE, DType.FLOAT32, 5, 0.5f, key), 5, 0.5 * Math.sqrt(2));
  }

  @Test
  void normal_hasItsMeanAndDeviation() {
    MlxArray drawn = s.random().normal(SHAPE, DType.FLOAT32, number(4), number(0.5f), key);
    requireMoments(drawn, 4, 0.5);
  }

  @Test
  void truncatedNormal_staysInside() {
    MlxArray drawn = s.random().truncatedNormal(number(0), number(1), SHAPE, DType.FLOAT32, key);
    requireWithin(drawn, 0, 1.0001f);
    requireMoments(drawn, 0.4599, 0.2822);
  }

  @Test
  void multivariateNormal_hasItsCovariance() {
    MlxArray mean = s.floats(new float[] {1, -2}, 2);
    MlxArray covariance = s.floats(new float[] {4, 0.5f, 0.5f, 0.25f}, 2, 2);
    MlxArray drawn =
        MlxStream.defaultOf(Device.CPU)
            .call(() -> s.random().multivariateNormal(mean, covariance, SHAPE, DType.FLOAT32, key));
    assertArrayEquals(new int[] {COUNT, 2}, drawn.shape());
    List<MlxArray> columns = s.shapes().unstack(drawn, 1);
    requireMoments(columns.get(0), 1, 2);
    requireMoments(columns.get(1), -2, 0.5);
    MlxArray centred = s.ops().subtract(drawn, mean);
    MlxArray products = s.reduce().prod(centred, 1, false);
    assertEquals(0.5, s.reduce().mean(products, false).item(), 0.05);
  }

  @Test
  void permutation_isAnotherOrderOfTheSame() {
    int[] drawn = s.random().permutation(50, key).toInts();
    int[] rising = IntStream.range(0, 50).toArray();
    assertFalse(Arrays.equals(rising, drawn));
    assertArrayEquals(rising, Arrays.stream(drawn).sorted().toArray());
    MlxArray table = s.ops().reshape(s.ops().arange(0, 100, DType.INT32), 50, 2);
    int[] rows = s.random().permutation(table, 0, key).toInts();
    for (int i = 0; i < 50; i++) {
      assertEquals(rows[2 * i] + 1, rows[2 * i + 1], "a row stays whole");
    }
  }

  @Test
  void categorical_followsItsLogits() {
    MlxArray logits = s.floats(new float[] {0, (float) Math.log(3)}, 2);
    requireMoments(s.random().categorical(logits, -1, COUNT, key), 0.75, Math.sqrt(0.1875));
    requireMoments(s.random().categorical(logits, -1, SHAPE, key), 0.75, Math.sqrt(0.1875));
  }

  @Test
  void split_givesTwoOtherKeys() {
    List<MlxArray> keys = s.random().split(key);
    assertEquals(2, keys.size());
    assertFalse(Arrays.equals(keys.get(0).toInts(), keys.get(1).toInts()));
    assertFalse(Arrays.equals(keys.get(0).toInts(), key.toInts()));
  }
}
