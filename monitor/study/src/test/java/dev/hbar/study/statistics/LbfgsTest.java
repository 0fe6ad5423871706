package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * SciPy 1.17.1: fmin_l_bfgs_b(rosen, x0, rosen_der, m=10, factr=64, maxiter=100, maxls=50), from
 * (-1.2, 1, -1.2, 1, ...). Where it stops depends on every step before.
 */
class LbfgsTest {
  @Test
  void valley_isLeftWhereScipyLeavesIt() {
    assertArrayEquals(new double[] {0.9862578397722799, 0.9727574107297582}, minimum(2, 0.1), 1e-6);
    assertArrayEquals(
        new double[] {1.0000043179991038, 1.0000063750194106}, minimum(2, 1e-3), 1e-8);
    assertArrayEquals(
        new double[] {1.0000611576460394, 1.000090661099267, 1.000269299162043, 1.0007221701224769},
        minimum(4, 0.1),
        1e-6);
    assertArrayEquals(
        new double[] {
          0.9996706906402504,
          0.9991665974451638,
          0.9984361784905482,
          0.9967720388300019,
          0.993432815433021,
          0.9870529458120346
        },
        minimum(6, 0.1),
        1e-6);
  }

  @Test
  void longValley_endsAtAHundredIterations() {
    double[] found = minimum(30, 1e-5);
    assertTrue(largest(gradient(found)) > 0.1, "not there yet");
    // In so many dimensions rounding parts the ways; SciPy's reaches 9.54.
    assertEquals(9.54, rosenbrock(found, new double[30]), 0.5);
  }

  @Test
  void startWithAGradientAtTheTolerance_isTheAnswer() {
    double[] start = {3, 4};
    Lbfgs.Objective bowl =
        (point, gradient) -> {
          gradient[0] = point[0];
          gradient[1] = point[1];
          return (point[0] * point[0] + point[1] * point[1]) / 2;
        };
    assertArrayEquals(start, Lbfgs.minimize(bowl, start, 4));
    assertArrayEquals(
        new double[] {2.4, 3.2}, Lbfgs.minimize(bowl, start, Math.nextDown(4.0)), 1e-12);
    assertArrayEquals(new double[2], Lbfgs.minimize(bowl, start, 1e-9), 1e-9);
    assertArrayEquals(new double[] {3, 4}, start, "not changed");
  }

  @Test
  void lineWithoutALowerPoint_endsWhereItBegan() {
    double[] start = {-1.2, 1};
    Lbfgs.Objective lost =
        (point, gradient) -> Arrays.equals(point, start) ? rosenbrock(point, gradient) : Double.NaN;
    assertArrayEquals(start, Lbfgs.minimize(lost, start, 1e-5));
  }

  private static double[] minimum(int size, double tolerance) {
    double[] start = IntStream.range(0, size).mapToDouble(i -> i % 2 == 0 ? -1.2 : 1).toArray();
    return Lbfgs.minimize(LbfgsTest::rosenbrock, start, tolerance);
  }

  private static double[] gradient(double[] point) {
    double[] gradient = new double[point.length];
    rosenbrock(point, gradient);
    return gradient;
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  private static double rosenbrock(double[] x, double[] gradient) {
    double value = 0;
    Arrays.fill(gradient, 0);
    for (int i = 0; i + 1 < x.length; i++) {
      double gap = x[i + 1] - x[i] * x[i];
      value += 100 * gap * gap + (1 - x[i]) * (1 - x[i]);
      gradient[i] += -400 * x[i] * gap - 2 * (1 - x[i]);
      gradient[i + 1] += 200 * gap;
    }
    return value;
  }
}
