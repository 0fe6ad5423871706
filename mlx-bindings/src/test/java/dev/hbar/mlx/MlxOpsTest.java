package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@NativeTest
class MlxOpsTest {
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
  void transposedArray_isReadInItsOwnOrder() {
    MlxArray a = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, s.ops().transpose(a, 1, 0).toFloats());
  }

  @Test
  void broadcastArray_isReadWhole() {
    MlxArray wide = s.ops().broadcastTo(s.floats(new float[] {7}, 1, 1), 100, 100);
    float[] values = wide.toFloats();
    assertEquals(10000, values.length);
    assertEquals(7, values[9999]);
  }

  @Test
  void emptyArray_readsEmpty() {
    assertEquals(0, s.ops().zeros(DType.FLOAT32, 0, 4).toFloats().length);
  }

  @Test
  void scalarOfModelDtype_keepsFloat16() {
    MlxArray half = s.ops().zeros(DType.FLOAT16, 4);
    assertEquals(DType.FLOAT16, s.ops().multiply(half, s.scalar(2, DType.FLOAT16)).dtype());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void sumOfNarrowNumbers_isRefused(DType dtype) {
    MlxArray half = s.ops().zeros(dtype, 4);
    assertThrows(IllegalArgumentException.class, () -> s.ops().sum(half, 0, false));
  }

  @Test
  void bfloat16Scalar_isReadAsItsValue() {
    assertEquals(1.5f, s.scalar(1.5f, DType.BFLOAT16).item());
  }

  @Test
  void sliceBeyondTheEnd_isRefusedInsteadOfClamped() {
    MlxArray a = s.floats(new float[4], 4);
    assertThrows(
        IllegalArgumentException.class, () -> s.ops().slice(a, new int[] {2}, new int[] {5}));
  }

  @Test
  void sliceUpdate_refusesOtherShapeAndOtherType() {
    MlxArray a = s.floats(new float[4], 4);
    MlxArray one = s.floats(new float[1], 1);
    MlxArray half = s.ops().zeros(DType.FLOAT16, 2);
    int[] from = {0};
    int[] to = {2};
    assertThrows(IllegalArgumentException.class, () -> s.ops().sliceUpdate(a, one, from, to));
    assertThrows(IllegalArgumentException.class, () -> s.ops().sliceUpdate(a, half, from, to));
  }

  @Test
  void cacheUpdate_reusesItsBuffer() {
    int rows = 4096;
    MlxArray cache = s.ops().zeros(DType.FLOAT32, 1, rows, 1024);
    s.eval(cache);
    long bufferBytes = cache.byteSize();
    MlxMemory.resetPeak();
    long before = MlxMemory.snapshot().active();
    for (int i = 0; i < 20; i++) {
      try (MlxScope step = s.child("step")) {
        MlxArray row = step.ops().zeros(DType.FLOAT32, 1, 1, 1024);
        step.ops().sliceUpdate(cache, row, new int[] {0, i, 0}, new int[] {1, i + 1, 1024});
        step.eval(cache);
      }
    }
    long grown = MlxMemory.snapshot().peak() - before;
    assertTrue(grown < bufferBytes / 2, "peak grew by " + grown + " of " + bufferBytes);
  }

  @Test
  void causalAttentionWithCache_equalsAdditiveMask() {
    MlxArray q = s.random().normal(s.random().key(1), DType.FLOAT32, 1, 4, 3, 16);
    MlxArray k = s.random().normal(s.random().key(2), DType.FLOAT32, 1, 2, 7, 16);
    MlxArray v = s.random().normal(s.random().key(3), DType.FLOAT32, 1, 2, 7, 16);
    float low = -Float.MAX_VALUE;
    float[] mask = new float[21];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 7; column++) {
        mask[row * 7 + column] = column <= row + 4 ? 0 : low;
      }
    }
    Mask additive = new Mask.Additive(s.floats(mask, 3, 7));
    float[] expected = s.fast().scaledDotProductAttention(q, k, v, 0.25f, additive).toFloats();
    float[] causal = s.fast().scaledDotProductAttention(q, k, v, 0.25f, Mask.CAUSAL).toFloats();
    assertArrayEquals(expected, causal, 1e-6f);
  }

  @Test
  void ropeWithRowOffsets_equalsRopeOfEachRow() {
    MlxArray x = s.random().normal(s.random().key(1), DType.FLOAT32, 2, 2, 1, 8);
    MlxArray both =
        s.fast()
            .rope(
                x, 8, false, Optional.of(100f), 1f, s.ints(new int[] {3, 9}, 2), Optional.empty());
    MlxArray second = s.ops().slice(x, new int[] {1, 0, 0, 0}, new int[] {2, 2, 1, 8});
    float[] alone = s.fast().rope(second, 8, false, 100f, 1f, 9).toFloats();
    float[] rows = both.toFloats();
    for (int i = 0; i < 16; i++) {
      assertEquals(alone[i], rows[16 + i], 1e-6f, "index " + i);
    }
  }

  @Test
  void quantizedMatmul_equalsDequantizedMatmul() {
    MlxArray w = s.random().normal(s.random().key(4), DType.FLOAT32, 64, 128);
    MlxArray x = s.random().normal(s.random().key(5), DType.FLOAT32, 3, 128);
    for (int bits : new int[] {2, 3, 4, 5, 6, 8}) {
      QuantizedWeight packed = s.quantized().quantize(w, 32, bits, QuantizationMode.AFFINE);
      assertEquals(128, packed.columns());
      MlxArray dense = s.quantized().dequantize(packed, DType.FLOAT32);
      float[] expected = s.ops().matmul(x, s.ops().transpose(dense, 1, 0)).toFloats();
      assertArrayEquals(expected, s.quantized().quantizedMatmul(x, packed).toFloats(), 1e-3f);
    }
  }

  @Test
  void quantizationNumbersThatDoNotFit_areRefusedBeforeTheCall() {
    MlxArray w = s.ops().zeros(DType.FLOAT32, 64, 128);
    QuantizedWeight good = s.quantized().quantize(w, 32, 4, QuantizationMode.AFFINE);
    UnaryOperator<MlxArray> fewer = a -> s.ops().slice(a, new int[2], new int[] {32, a.dim(1)});
    MlxArray fewRows = fewer.apply(good.scales());
    for (Optional<MlxArray> biases : List.of(good.biases(), good.biases().map(fewer))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new QuantizedWeight(good.weight(), fewRows, biases, 32, 4, good.mode()));
    }
    Optional<MlxArray> narrow = good.biases().map(b -> s.ops().astype(b, DType.FLOAT16));
    assertThrows(
        IllegalArgumentException.class,
        () -> new QuantizedWeight(good.weight(), good.scales(), narrow, 32, 4, good.mode()));
    for (int bits : new int[] {0, 1, 7, 16, -4}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> s.quantized().quantize(w, 32, bits, QuantizationMode.AFFINE));
    }
  }
}
