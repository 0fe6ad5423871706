package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * hbar's kernel for the sums of a softmax reads rows as they lie, and refuses what it is not for.
 */
@NativeTest
class CpuSoftmaxTest {
  private MlxScope s;

  @BeforeEach
  void open() {
    s = MlxScope.open("test");
    Assumptions.assumeTrue(MlxFast.hasCpuKernels(), "needs the CPU kernels");
  }

  @AfterEach
  void close() {
    s.close();
  }

  /** Rows of every second column, whose numbers do not lie side by side, and every second token. */
  @Test
  void softmaxSumsOfRowsInPieces_areThoseOfRowsInOrder() {
    MlxArray whole = normal(8, 3, 600);
    MlxArray logits = s.ops().transpose(s.floats(whole.toFloats(), 600, 3), 1, 0);
    MlxArray inOrder = s.floats(logits.toFloats(), 3, 600);
    MlxArray pairs = s.ints(new int[] {5, 1, 599, 1, 0, 1}, 3, 2);
    MlxArray tokens = s.ops().squeeze(s.ops().slice(pairs, new int[] {0, 0}, new int[] {3, 1}), 1);
    float[] found = s.fast().softmaxSums(logits, tokens).toFloats();
    assertEquals(21, found.length);
    assertArrayEquals(
        s.fast().softmaxSums(inOrder, s.ints(new int[] {5, 599, 0}, 3)).toFloats(), found);
  }

  /** Nine parts and more are shared among threads, fewer are not. */
  @Test
  void softmaxSumsOfManyRows_areThoseOfEachAlone() {
    MlxArray logits = normal(9, 12, 20_000);
    int[] chosen = {0, 1, 8191, 8192, 8193, 16_383, 16_384, 19_999, 5, 6, 7, 8};
    float[] all = s.fast().softmaxSums(logits, s.ints(chosen, 12)).toFloats();
    for (int row = 0; row < 12; row++) {
      MlxArray one = s.ops().slice(logits, new int[] {row, 0}, new int[] {row + 1, 20_000});
      assertArrayEquals(
          s.fast().softmaxSums(one, s.ints(new int[] {chosen[row]}, 1)).toFloats(),
          Arrays.copyOfRange(all, 7 * row, 7 * row + 7),
          "row " + row);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 16, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void softmaxSumsOfATokenThatIsNone_areNaN(int token) {
    float[] found =
        s.fast().softmaxSums(normal(10, 1, 16), s.ints(new int[] {token}, 1)).toFloats();
    assertTrue(Float.isNaN(found[0]) && Float.isNaN(found[6]), Arrays.toString(found));
  }

  @Test
  void softmaxSumsOfAnotherType_areRefused() {
    MlxArray half = s.ops().astype(normal(11, 2, 16), DType.FLOAT16);
    MlxArray tokens = s.ints(new int[2], 2);
    String message =
        assertThrows(MlxException.class, () -> s.fast().softmaxSums(half, tokens)).getMessage();
    assertTrue(message.contains("float32 logits [B, V]"), message);
  }

  private MlxArray normal(int seed, int... shape) {
    return s.random().normal(s.random().key(seed), DType.FLOAT32, shape);
  }
}
