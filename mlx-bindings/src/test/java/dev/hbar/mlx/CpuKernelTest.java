package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** hbar's own product with packed weights against sums in double over the unpacked matrix. */
@NativeTest
class CpuKernelTest {
  /** Float32 sums of 1,152 terms lose about the root of that many half units in the last place. */
  private static final double RELATIVE = 4e-6;

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
  void processorWithAvx2_hasTheKernel() throws Exception {
    Path processor = Path.of("/proc/cpuinfo");
    Assumptions.assumeTrue(
        Files.exists(processor) && Files.readString(processor).contains(" avx2 "),
        "not an x86 with AVX2");
    assertTrue(MlxQuantized.hasCpuKernel(64, 4, QuantizationMode.AFFINE));
    assertTrue(MlxQuantized.hasCpuKernel(32, 8, QuantizationMode.AFFINE));
    assertFalse(MlxQuantized.hasCpuKernel(64, 6, QuantizationMode.AFFINE));
    assertFalse(MlxQuantized.hasCpuKernel(32, 4, QuantizationMode.MXFP4));
  }

  /** One vector, pairs and fours with what is left over, the last few, and unpacked tiles. */
  @ParameterizedTest
  @CsvSource({
    "4, 32, 37, 64",
    "4, 64, 64, 576",
    "4, 128, 33, 1152",
    "8, 32, 37, 64",
    "8, 64, 130, 576",
    "8, 128, 33, 1152",
    "4, 64, 1300, 1024",
    "8, 64, 1300, 1024"
  })
  void anyNumberOfVectors_isTheSumOverUnpackedWeights(int bits, int group, int rows, int columns) {
    QuantizedWeight packed = packed(rows, columns, group, bits);
    float[] weights = s.quantized().dequantize(packed, DType.FLOAT32).toFloats();
    for (int count : new int[] {1, 2, 3, 4, 5, 7, 12, 13, 40}) {
      MlxArray x = normal(count, columns, 100 + count);
      requireSums(
          "%s vectors".formatted(count),
          weights,
          x.toFloats(),
          columns,
          s.quantized().quantizedMatmul(x, packed).toFloats());
    }
  }

  @Test
  void vectorAmongOthers_isTheSameToTheBit() {
    QuantizedWeight packed = packed(200, 576, 64, 4);
    MlxArray x = normal(12, 576, 7);
    float[] all = s.quantized().quantizedMatmul(x, packed).toFloats();
    for (int row = 0; row < 12; row++) {
      MlxArray alone = s.ops().slice(x, new int[] {row, 0}, new int[] {row + 1, 576});
      assertArrayEquals(
          Arrays.copyOfRange(all, 200 * row, 200 * (row + 1)),
          s.quantized().quantizedMatmul(alone, packed).toFloats(),
          "row " + row);
    }
  }

  @Test
  void transposedVectorsAndRowsOfALargerMatrix_areReadInTheirOwnOrder() {
    QuantizedWeight whole = packed(96, 128, 32, 8);
    QuantizedWeight part =
        new QuantizedWeight(
            rows(whole.weight(), 32, 80),
            rows(whole.scales(), 32, 80),
            whole.biases().map(biases -> rows(biases, 32, 80)),
            32,
            8,
            QuantizationMode.AFFINE);
    MlxArray x = s.ops().transpose(normal(128, 3, 9), 1, 0);
    float[] weights = s.quantized().dequantize(part, DType.FLOAT32).toFloats();
    float[] product = s.quantized().quantizedMatmul(x, part).toFloats();
    requireSums("turned", weights, x.toFloats(), 128, product);
  }

  @Test
  void moreDimensions_stayBeforeTheRows() {
    MlxArray x = s.ops().reshape(normal(6, 64, 3), 2, 3, 64);
    MlxArray product = s.quantized().quantizedMatmul(x, packed(40, 64, 32, 4));
    assertArrayEquals(new int[] {2, 3, 40}, product.shape());
    assertEquals(DType.FLOAT32, product.dtype());
  }

  @Test
  void notANumber_staysInItsOwnVector() {
    float[] values = normal(3, 64, 5).toFloats();
    values[64 + 10] = Float.NaN;
    float[] product =
        s.quantized().quantizedMatmul(s.floats(values, 3, 64), packed(40, 64, 32, 4)).toFloats();
    for (int i = 0; i < 120; i++) {
      assertEquals(i / 40 == 1, Float.isNaN(product[i]), "index " + i);
    }
  }

  private QuantizedWeight packed(int rows, int columns, int group, int bits) {
    return s.quantized().quantize(normal(rows, columns, 4), group, bits, QuantizationMode.AFFINE);
  }

  private MlxArray normal(int rows, int columns, int seed) {
    return s.random().normal(s.random().key(seed), DType.FLOAT32, rows, columns);
  }

  private MlxArray rows(MlxArray matrix, int from, int to) {
    return s.ops().slice(matrix, new int[] {from, 0}, new int[] {to, matrix.dim(1)});
  }

  /** Tolerance: relative to the sum of magnitudes, which is what rounding is relative to. */
  private static void requireSums(
      String what, float[] weights, float[] x, int columns, float[] product) {
    int rows = weights.length / columns;
    double worst = 0;
    int at = 0;
    for (int i = 0; i < product.length; i++) {
      double sum = 0;
      double scale = 0;
      for (int c = 0; c < columns; c++) {
        double term = (double) weights[i % rows * columns + c] * x[i / rows * columns + c];
        sum += term;
        scale += Math.abs(term);
      }
      double error = Math.abs(sum - product[i]) / scale;
      if (!(error <= worst)) {
        worst = error;
        at = i;
      }
    }
    assertTrue(worst < RELATIVE, "%s: off by %s at %s".formatted(what, worst, at));
  }
}
