package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.mlx.QuantizedWeight;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the sum as it is written, in doubles, with a bias that differs in every column. */
@NativeTest
class LinearTest {
  private static final int ROWS = 3;
  private static final int IN = 64;
  private static final int OUT = 5;

  private final float[] x = new Doubles(1).normal(ROWS * IN);
  private final float[] weight = new Doubles(2).normal(OUT * IN);
  private final float[] bias = new Doubles(3).normal(OUT);

  private float[] oracle(float[] weights, boolean biased) {
    float[] sums = new float[ROWS * OUT];
    for (int row = 0; row < ROWS; row++) {
      for (int out = 0; out < OUT; out++) {
        double sum = biased ? bias[out] : 0;
        for (int i = 0; i < IN; i++) {
          sum += (double) x[row * IN + i] * weights[out * IN + i];
        }
        sums[row * OUT + out] = (float) sum;
      }
    }
    return sums;
  }

  private MlxArray x(MlxScope scope) {
    return scope.floats(x, 1, ROWS, IN);
  }

  private Optional<MlxArray> bias(MlxScope scope, boolean biased) {
    return biased ? Optional.of(scope.floats(bias, OUT)) : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void dense_isTheProductAndItsBias(boolean biased) {
    try (MlxScope scope = MlxScope.open("dense")) {
      MlxArray transposed = scope.ops().transpose(scope.floats(weight, OUT, IN), 1, 0);
      Linear linear = new Linear.Dense(transposed, bias(scope, biased), false);
      MlxArray product = linear.apply(scope, x(scope));
      assertArrayEquals(oracle(weight, biased), product.toFloats(), 1e-4f);
    }
  }

  /** Products of sixteen-bit numbers are exact in float32, so one rounding is left. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void wide_isRoundedOnce(boolean biased) {
    try (MlxScope scope = MlxScope.open("wide")) {
      MlxArray transposed = scope.ops().transpose(scope.floats(weight, OUT, IN), 1, 0);
      MlxArray narrow = scope.ops().astype(x(scope), DType.BFLOAT16);
      float[] seen = scope.ops().astype(narrow, DType.FLOAT32).toFloats();
      System.arraycopy(seen, 0, x, 0, x.length);
      Linear linear = new Linear.Dense(transposed, bias(scope, biased), true);
      MlxArray product = linear.apply(scope, narrow);
      assertEquals(DType.BFLOAT16, product.dtype());
      float[] values = scope.ops().astype(product, DType.FLOAT32).toFloats();
      float[] wanted = oracle(weight, biased);
      for (int i = 0; i < wanted.length; i++) {
        assertEquals(wanted[i], values[i], Math.abs(wanted[i]) * 0x1p-8 + 1e-5, "at " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void quantized_isTheProductOfWhatItsCodesStandForAndItsBias(boolean biased) {
    try (MlxScope scope = MlxScope.open("quantized")) {
      QuantizedWeight packed =
          scope.quantized().quantize(scope.floats(weight, OUT, IN), 32, 8, QuantizationMode.AFFINE);
      float[] stored = scope.quantized().dequantize(packed, DType.FLOAT32).toFloats();
      Linear linear = new Linear.Quantized(packed, bias(scope, biased));
      assertArrayEquals(oracle(stored, biased), linear.apply(scope, x(scope)).toFloats(), 1e-4f);
    }
  }

  @Test
  void joinedProjection_isCutWhereEachEnds() {
    AttentionShape shape = new AttentionShape(4, 2, 8);
    try (MlxScope scope = MlxScope.open("joined")) {
      int columns = 4 * 8 + 2 * 2 * 8;
      MlxArray transposed = scope.floats(new Doubles(4).normal(IN * columns), IN, columns);
      MlxArray all = scope.ops().matmul(x(scope), transposed);
      float[] wanted = all.toFloats();
      Linear linear = new Linear.Dense(transposed, Optional.empty(), false);
      Projections.Parts parts = new Projections.Joined(linear).apply(scope, x(scope), shape);
      MlxArray[] three = {parts.queries(), parts.keys(), parts.values()};
      int from = 0;
      for (MlxArray part : three) {
        float[] values = part.toFloats();
        int width = part.dim(2);
        for (int i = 0; i < values.length; i++) {
          assertEquals(wanted[i / width * columns + from + i % width], values[i], 1e-5f);
        }
        from += width;
      }
      assertEquals(columns, from);
    }
  }
}
