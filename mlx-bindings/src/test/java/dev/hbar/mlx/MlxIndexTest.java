package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MLX checks no index; those that Java put in are checked here. */
@NativeTest
class MlxIndexTest {
  private MlxScope s;
  private MlxArray table;

  @BeforeEach
  void open() {
    s = MlxScope.open("test");
    table = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
  }

  @AfterEach
  void close() {
    s.close();
  }

  private static void refused(int index, Executable read) {
    String message = assertThrows(IllegalArgumentException.class, read).getMessage();
    assertEquals("index " + index, message.substring(0, message.indexOf(" is outside axis")));
  }

  @Test
  void indexAtTheEdges_isRead() {
    MlxArray edges = s.ints(new int[] {2, 0, -3, -1}, 4);
    assertArrayEquals(
        new float[] {5, 6, 1, 2, 1, 2, 5, 6}, s.ops().take(table, edges, 0).toFloats());
    assertArrayEquals(
        new float[] {6, 1}, s.index().take(table, s.ints(new int[] {5, -6}, 2)).toFloats());
    assertEquals(0, s.ops().take(table, s.ints(new int[0], 0), 0).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, -4, Integer.MAX_VALUE, Integer.MIN_VALUE + 1})
  void indexOutside_isRefused(int index) {
    MlxArray one = s.ints(new int[] {0, index}, 2);
    MlxArray rows = s.ints(new int[] {0, index}, 2, 1);
    MlxArray row = s.ops().slice(table, new int[] {0, 0}, new int[] {2, 2});
    refused(index, () -> s.ops().take(table, one, 0));
    refused(index, () -> s.ops().take(table, one, -2));
    refused(index, () -> s.ops().takeAlongAxis(table, rows, 0));
    refused(index, () -> s.ops().putAlongAxis(table, rows, rows, 0));
    refused(index, () -> s.index().scatterAddAxis(table, rows, rows, 0));
    refused(index, () -> s.index().gather(table, one, 0, 1, 2));
    MlxArray updates = s.ops().reshape(row, 2, 1, 2);
    refused(index, () -> s.index().scatter(table, one, updates, 0));
    refused(index, () -> s.index().scatterAdd(table, updates, new int[] {0}, one));
  }

  @Test
  void stackedMatrixThatIsNotThere_isRefused() {
    MlxArray stack = s.ops().zeros(DType.FLOAT32, 3, 64, 32);
    MlxArray x = s.ops().zeros(DType.FLOAT32, 1, 32);
    MlxArray three = s.ints(new int[] {3}, 1);
    QuantizedWeight packed = s.quantized().quantize(stack, 32, 4, QuantizationMode.AFFINE);
    refused(3, () -> s.quantized().gatherQmm(x, packed, three, false));
    MlxArray dense = s.ops().swapaxes(stack, 1, 2);
    refused(3, () -> s.ops().gatherMm(x, dense, three, false));
    refused(
        3, () -> s.products().gatherMm(dense, stack, Optional.of(three), Optional.empty(), false));
  }

  @Test
  void sliceThatRunsOverTheEnd_isRefused() {
    MlxArray last = s.ints(new int[] {2}, 1);
    assertArrayEquals(new int[] {1, 1, 2}, s.index().gather(table, last, 0, 1, 2).shape());
    refused(2, () -> s.index().gather(table, last, 0, 2, 2));
  }

  @Test
  void sliceUpdateOutside_isRefusedInsteadOfClamped() {
    int[] start = {2, 0};
    int[] stop = {4, 2};
    assertThrows(
        IllegalArgumentException.class,
        () -> s.index().sliceUpdateAdd(table, table, start, stop, 1, 1));
  }

  /** MLX divides by them: a 0 would end the process. */
  @Test
  void stepOfZero_isRefused() {
    int[] from = {0, 0};
    int[] to = {2, 2};
    MlxArray x = s.ops().zeros(DType.FLOAT32, 1, 5, 2);
    MlxArray weight = s.ops().zeros(DType.FLOAT32, 2, 3, 2);
    for (Executable zero :
        new Executable[] {
          () -> s.index().sliceUpdateMax(table, table, from, to, 1, 0),
          () -> s.conv().conv1d(x, weight, 0, 1, 1, 1),
          () -> s.conv().conv1d(x, weight, 1, 1, 0, 1),
          () -> s.conv().conv1d(x, weight, 1, 1, 1, 0),
          () -> s.shapes().split(table, 0, 0)
        }) {
      String message = assertThrows(IllegalArgumentException.class, zero).getMessage();
      assertEquals(1, message.split("must be above 0").length - 1, message);
    }
  }
}
