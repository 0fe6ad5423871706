package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against down(up(x)) of each row and each of its experts, in doubles; max(y, 0)^2 in between. */
@NativeTest
final class ExpertMlpTest {
  private static final int EXPERTS = 5;
  private static final int HIDDEN = 6;
  private static final int INNER = 4;
  private static final double TOLERANCE = 2e-6;

  private final float[] up = new Doubles(1).normal(EXPERTS * HIDDEN * INNER);
  private final float[] upBias = new Doubles(2).normal(EXPERTS * INNER);
  private final float[] down = new Doubles(3).normal(EXPERTS * INNER * HIDDEN);
  private final float[] downBias = new Doubles(4).normal(EXPERTS * HIDDEN);

  /** x [in] times the expert's [in, out], and its bias. */
  private static double[] product(double[] x, float[] weights, float[] bias, int expert, int out) {
    double[] y = new double[out];
    for (int o = 0; o < out; o++) {
      y[o] = bias[expert * out + o];
      for (int i = 0; i < x.length; i++) {
        y[o] += x[i] * weights[(expert * x.length + i) * out + o];
      }
    }
    return y;
  }

  private double[] oracle(float[] x, int[] chosen, int each) {
    double[] all = new double[chosen.length * HIDDEN];
    for (int i = 0; i < chosen.length; i++) {
      double[] row = new double[HIDDEN];
      for (int at = 0; at < HIDDEN; at++) {
        row[at] = x[i / each * HIDDEN + at];
      }
      double[] inner = product(row, up, upBias, chosen[i], INNER);
      for (int at = 0; at < INNER; at++) {
        inner[at] = Math.pow(Math.max(inner[at], 0), 2);
      }
      System.arraycopy(
          product(inner, down, downBias, chosen[i], HIDDEN), 0, all, i * HIDDEN, HIDDEN);
    }
    return all;
  }

  /** From 64 rows of experts on they are sorted. */
  @ParameterizedTest
  @CsvSource({"1, 2", "21, 3", "16, 4", "32, 2", "64, 1", "40, 3"})
  void everyRow_isWhatItsOwnExpertsMakeOfIt(int rows, int each) {
    float[] x = new Doubles(5).normal(rows * HIDDEN);
    int[] chosen = new int[rows * each];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = (7 * (i / each) + 3 * (i % each) + i / 11) % EXPERTS;
    }
    try (MlxScope scope = MlxScope.open("experts")) {
      ExpertMlp mlp =
          ExpertMlp.plain(
              new ExpertLinear.Dense(
                  scope.floats(up, EXPERTS, HIDDEN, INNER),
                  Optional.of(scope.floats(upBias, EXPERTS, 1, INNER))),
              new ExpertLinear.Dense(
                  scope.floats(down, EXPERTS, INNER, HIDDEN),
                  Optional.of(scope.floats(downBias, EXPERTS, 1, HIDDEN))),
              PlainActivation.RELU_SQUARED);
      MlxArray ids = scope.ints(chosen, rows, each);
      MlxArray made = mlp.apply(scope, scope.floats(x, rows, HIDDEN), ids);
      float[] actual = scope.ops().astype(made, DType.FLOAT32).toFloats();
      Doubles.requireNear("experts", oracle(x, chosen, each), actual, TOLERANCE);
    }
  }
}
