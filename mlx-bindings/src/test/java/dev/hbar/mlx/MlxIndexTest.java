package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hbar.mlx.internal.NativeFaults;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MLX checks no index; here each one is, wherever it comes from. */
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
    assertEquals("index " + index, message.substring(0, message.indexOf(" is outside ")));
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
    requireRefused(index, s.ints(new int[] {0, index}, 2));
  }

  /** What arithmetic gives is known to MLX alone, until it is read. */
  @ParameterizedTest
  @ValueSource(ints = {3, -4, Integer.MAX_VALUE, Integer.MIN_VALUE + 2})
  void computedIndexOutside_isRefused(int index) {
    MlxArray one = s.ints(new int[] {1}, 1);
    requireRefused(index, s.ops().add(s.ints(new int[] {-1, index - 1}, 2), one));
  }

  private void requireRefused(int index, MlxArray one) {
    MlxArray rows = s.ops().reshape(one, 2, 1);
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
  void computedIndexAtTheEdges_isRead() {
    MlxArray one = s.ints(new int[] {1}, 1);
    MlxArray edges = s.ops().add(s.ints(new int[] {1, -1, -4, -2}, 4), one);
    assertArrayEquals(
        new float[] {5, 6, 1, 2, 1, 2, 5, 6}, s.ops().take(table, edges, 0).toFloats());
    MlxArray none = s.ops().add(s.ints(new int[0], 0), one);
    assertEquals(0, s.ops().take(table, none, 0).size());
  }

  /** As a signed number of its width, each would be -1 and inside. */
  @ParameterizedTest
  @EnumSource(names = {"UINT8", "UINT16", "UINT32", "UINT64"})
  void largestUnsignedIndex_isNotCountedFromTheEnd(DType dtype) {
    byte[] ones = new byte[dtype.itemSize()];
    Arrays.fill(ones, (byte) 0xff);
    MlxArray index = s.bytes(ByteBuffer.wrap(ones), dtype, 1);
    assertThrows(IllegalArgumentException.class, () -> s.ops().take(table, index, 0));
  }

  @Test
  void signedIndexOfEveryWidth_isCountedFromTheEnd() {
    for (DType dtype : List.of(DType.INT8, DType.INT16, DType.INT32, DType.INT64)) {
      byte[] ones = new byte[dtype.itemSize()];
      Arrays.fill(ones, (byte) 0xff);
      MlxArray index = s.bytes(ByteBuffer.wrap(ones), dtype, 1);
      assertArrayEquals(new float[] {5, 6}, s.ops().take(table, index, 0).toFloats());
    }
  }

  /** A number written into the array is not one of those that Java put in. */
  @Test
  void indexOverwrittenLater_isCheckedAnew() {
    MlxArray indices = s.ints(new int[] {0, 1}, 2);
    s.ops().sliceUpdate(indices, s.ints(new int[] {3}, 1), new int[] {1}, new int[] {2});
    refused(3, () -> s.ops().take(table, indices, 0));
  }

  /** The places of one axis are none of a shorter one, however they were cut and turned since. */
  @Test
  void placesOfALongerAxis_areReadAndRefused() {
    MlxArray five = s.floats(new float[] {5, 4, 3, 2, 1}, 5);
    MlxArray order = s.ops().argsort(five, 0);
    refused(4, () -> s.ops().take(table, order, 0));
    MlxArray turned = s.ops().expandDims(s.ops().astype(order, DType.INT32), 0);
    refused(4, () -> s.ops().take(table, turned, 0));
    MlxArray tail = s.ops().slice(order, new int[] {2}, new int[] {5});
    assertArrayEquals(new float[] {5, 6, 3, 4, 1, 2}, s.ops().take(table, tail, 0).toFloats());
    refused(
        3,
        () ->
            s.ops()
                .take(
                    table, s.ops().argmax(s.floats(new float[] {0, 0, 0, 9}, 1, 4), 1, false), 0));
  }

  @Test
  void matrixCountedFromTheEnd_isRefused() {
    MlxArray stack = s.ops().zeros(DType.FLOAT32, 3, 32, 64);
    MlxArray x = s.ops().zeros(DType.FLOAT32, 1, 32);
    refused(-1, () -> s.ops().gatherMm(x, stack, s.ints(new int[] {-1}, 1), false));
    MlxArray pairs = s.ops().reshape(s.ops().zeros(DType.FLOAT32, 6, 32, 64), 2, 3, 32, 64);
    refused(6, () -> s.ops().gatherMm(x, pairs, s.ints(new int[] {6}, 1), false));
    assertArrayEquals(
        new int[] {1, 1, 64}, s.ops().gatherMm(x, pairs, s.ints(new int[] {5}, 1), false).shape());
  }

  /** Without the check the first reads and the second writes foreign memory. */
  @Test
  void startOnTheDevice_isCheckedAtBothEnds() {
    int[] first = {0};
    MlxArray piece = s.floats(new float[] {7, 8, 9, 10}, 2, 2);
    for (int outside : new int[] {-1, 2, 1 << 30}) {
      MlxArray start = s.ops().add(s.ints(new int[] {outside - 1}, 1), s.ints(new int[] {1}, 1));
      assertThrows(
          IllegalArgumentException.class, () -> s.index().sliceDynamic(table, start, first, 2, 2));
      assertThrows(
          IllegalArgumentException.class,
          () -> s.index().sliceUpdateDynamic(table, piece, start, first));
    }
    MlxArray one = s.ints(new int[] {1}, 1);
    assertArrayEquals(
        new float[] {3, 4, 5, 6}, s.index().sliceDynamic(table, one, first, 2, 2).toFloats());
    assertArrayEquals(
        new float[] {1, 2, 7, 8, 9, 10},
        s.index().sliceUpdateDynamic(table, piece, one, first).toFloats());
  }

  @Test
  void segmentBeyondTheColumns_isRefused() {
    MlxArray across = s.ops().transpose(table, 1, 0);
    for (int outside : new int[] {-1, 4, 1 << 30}) {
      MlxArray segments = s.ops().astype(s.ints(new int[] {0, 3, 2, outside}, 2, 2), DType.UINT32);
      assertThrows(
          IllegalArgumentException.class, () -> s.products().segmentedMm(across, table, segments));
    }
    MlxArray segments = s.ops().astype(s.ints(new int[] {0, 3, 2, 3}, 2, 2), DType.UINT32);
    assertArrayEquals(
        new float[] {35, 44, 44, 56, 25, 30, 30, 36},
        s.products().segmentedMm(across, table, segments).toFloats());
  }

  /** A trace has nothing to read: there the nearest row inside is taken, never foreign memory. */
  @Test
  void computedIndexInATrace_isMovedInside() {
    MlxArray indices = s.ops().add(s.ints(new int[] {0, 99, -100}, 3), s.ints(new int[] {1}, 1));
    List<MlxArray> rows =
        s.grad()
            .vmap(
                (trace, inputs) -> List.of(trace.ops().take(table, inputs.getFirst(), 0)),
                new int[] {0},
                new int[] {0},
                indices);
    assertArrayEquals(new float[] {3, 4, 5, 6, 1, 2}, rows.getFirst().toFloats());
  }

  /** What decoding indexes by is known without a look at it: nothing is evaluated. */
  @Test
  void placesByConstruction_areNotReadBack() {
    MlxArray scores = s.ops().negative(s.floats(new float[] {3, 1, 2, 6, 5, 4}, 2, 3));
    MlxArray order = s.ops().argsort(scores, -1);
    MlxArray best = s.ops().slice(order, new int[2], new int[] {2, 2});
    MlxArray chosen = s.ops().astype(s.ops().argmax(scores, -1, false), DType.INT32);
    MlxArray drawn = s.random().categorical(scores, -1, s.random().key(3));
    MlxArray both = s.ops().concatenate(0, chosen, s.ops().astype(drawn, DType.INT32));
    MlxArray flat = s.ops().reshape(best, 4);
    MlxArray rowOf = s.ops().repeat(s.ops().arange(0, 2, DType.INT32), 2, 0);
    MlxArray picked = s.ops().take(rowOf, s.ops().argsort(flat, 0), 0);
    long calls = NativeFaults.calls();
    s.ops().take(table, both, 0);
    s.ops().take(table, picked, 0);
    s.ops().takeAlongAxis(scores, best, 1);
    s.ops().takeAlongAxis(scores, s.ops().expandDims(chosen, 1), 1);
    assertEquals(5, NativeFaults.calls() - calls, "calls of mlx-c");
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
