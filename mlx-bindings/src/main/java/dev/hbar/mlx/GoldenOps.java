package dev.hbar.mlx;

import java.util.Optional;

/** The operations of the self-test, each against the same arithmetic in Java. Owner thread only. */
final class GoldenOps {
  /** Room for another order of sums and for the coarse float32 of GPU matrix units. */
  private static final double TOLERANCE = 2e-3;

  private static final float ROPE_BASE = 100;

  private GoldenOps() {}

  /** An operation gave something else. */
  static final class Deviation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Deviation(String message) {
      super(message);
    }
  }

  static void matmul(MlxScope s) {
    MlxArray a = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    MlxArray b = s.floats(new float[] {1, 0, -1, 2, 3, 1}, 3, 2);
    require(s.ops().matmul(a, b), 8, 7, 17, 16);
  }

  static void rmsNorm(MlxScope s) {
    double scale = 1 / Math.sqrt(12.5 + 1e-5);
    MlxArray x = s.floats(new float[] {3, 4}, 1, 2);
    require(s.fast().rmsNorm(x, s.floats(new float[] {1, 2}, 2), 1e-5f), 3 * scale, 8 * scale);
  }

  static void ropeAtOffset(MlxScope s) {
    MlxArray x = s.floats(new float[] {1, 2, 3, 4}, 1, 1, 1, 4);
    require(s.fast().rope(x, 4, false, ROPE_BASE, 1, 5), rotated(5));
  }

  static void ropeWithRowOffsets(MlxScope s) {
    MlxArray x = s.floats(new float[] {1, 2, 3, 4, 1, 2, 3, 4}, 2, 1, 1, 4);
    MlxArray offsets = s.ints(new int[] {3, 9}, 2);
    MlxArray both =
        s.fast().rope(x, 4, false, Optional.of(ROPE_BASE), 1, offsets, Optional.empty());
    double[] expected = new double[8];
    System.arraycopy(rotated(3), 0, expected, 0, 4);
    System.arraycopy(rotated(9), 0, expected, 4, 4);
    require(both, expected);
  }

  /** (1, 2, 3, 4) at a position: the pairs are (0, 2) and (1, 3). */
  private static double[] rotated(int position) {
    double[] out = new double[4];
    for (int i = 0; i < 2; i++) {
      double angle = position * Math.pow(ROPE_BASE, -i / 2.0);
      out[i] = (i + 1) * Math.cos(angle) - (i + 3) * Math.sin(angle);
      out[i + 2] = (i + 1) * Math.sin(angle) + (i + 3) * Math.cos(angle);
    }
    return out;
  }

  /** Two queries at the end of three keys: the first one must not see the last key. */
  static void causalAttention(MlxScope s) {
    require(attention(s, Mask.CAUSAL), expectedAttention());
  }

  static void maskedAttention(MlxScope s) {
    float[] mask = {0, 0, -Float.MAX_VALUE, 0, 0, 0};
    require(attention(s, new Mask.Additive(s.floats(mask, 1, 1, 2, 3))), expectedAttention());
  }

  private static MlxArray attention(MlxScope s, Mask mask) {
    MlxArray q = s.floats(new float[] {1, 0, 0, 1}, 1, 1, 2, 2);
    MlxArray k = s.floats(new float[] {1, 0, 0, 1, 1, 1}, 1, 1, 3, 2);
    MlxArray v = s.floats(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 3, 2);
    return s.fast().scaledDotProductAttention(q, k, v, 1, mask);
  }

  private static double[] expectedAttention() {
    double e = Math.E;
    double first = (e + 3) / (e + 1);
    double second = (1 + 3 * e + 5 * e) / (1 + 2 * e);
    return new double[] {first, first + 1, second, second + 1};
  }

  static void quantizedMatmul(MlxScope s) {
    int rows = 32;
    int columns = 64;
    MlxOps ops = s.ops();
    MlxArray w = s.floats(waves(rows * columns), rows, columns);
    MlxArray x = s.floats(waves(columns), 1, columns);
    QuantizedWeight packed = s.quantized().quantize(w, columns, 4, QuantizationMode.AFFINE);
    MlxArray dense = s.quantized().dequantize(packed, DType.FLOAT32);
    // 15 steps from -1 to 1, rounded to the nearest; the edges are adjusted by less than one more.
    near(doubles(w), dense.toFloats(), 2.0 / 15);
    MlxArray expected = ops.matmul(x, ops.transpose(dense, 1, 0));
    near(doubles(expected), s.quantized().quantizedMatmul(x, packed).toFloats(), 16 * TOLERANCE);
  }

  /** Made here: every further operation costs some milliseconds to link. */
  private static float[] waves(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(i);
    }
    return values;
  }

  /** In float16 itself the mean of this many ones is 0.03. */
  static void meanOfHalves(MlxScope s) {
    MlxArray one = s.scalar(1, DType.FLOAT16);
    MlxArray halves = s.ops().full(one, DType.FLOAT16, 70_000);
    require(s.ops().mean(s.ops().astype(halves, DType.FLOAT32), 0, false), 1);
  }

  static void errorText(MlxScope s) {
    MlxArray a = s.ops().zeros(DType.FLOAT32, 2, 3);
    try {
      s.ops().matmul(a, a);
    } catch (MlxException expected) {
      if (!expected.getMessage().contains("matmul]")) {
        throw new Deviation("MLX's own text is missing: " + expected.getMessage());
      }
      return;
    }
    throw new Deviation("shapes that do not fit were multiplied");
  }

  static void require(MlxArray actual, double... expected) {
    near(expected, actual.toFloats(), TOLERANCE);
  }

  private static double[] doubles(MlxArray array) {
    float[] values = array.toFloats();
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static void near(double[] expected, float[] actual, double tolerance) {
    if (actual.length != expected.length) {
      throw new Deviation(
          "%s values where %s are wanted".formatted(actual.length, expected.length));
    }
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
        throw new Deviation(
            "value %s is %s, wanted %s".formatted(i, actual[i], (float) expected[i]));
      }
    }
  }
}
