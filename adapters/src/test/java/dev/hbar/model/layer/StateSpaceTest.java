package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is the recurrence as it is written, column by column, in doubles. */
@NativeTest
final class StateSpaceTest {
  private static final int ROWS = 2;
  private static final int GROUPS = 2;
  private static final int HEADS = 6;
  private static final int WIDTH = 5;
  private static final int DEPTH = 8;

  /** float32 against doubles. */
  private static final double TOLERANCE = 2e-6;

  private record Columns(int count, float[] x, float[] into, float[] outOf, float[] log) {
    static Columns random(int count, long seed, double least) {
      Doubles numbers = new Doubles(seed);
      return new Columns(
          count,
          numbers.normal(ROWS * count * HEADS * WIDTH),
          numbers.normal(ROWS * count * GROUPS * DEPTH),
          numbers.normal(ROWS * count * GROUPS * DEPTH),
          numbers.uniform(ROWS * count * HEADS, least, 0));
    }

    StateSpace space(MlxScope scope) {
      return new StateSpace(
          scope.floats(x, ROWS, count, HEADS, WIDTH),
          scope.floats(into, ROWS, count, GROUPS, DEPTH),
          scope.floats(outOf, ROWS, count, GROUPS, DEPTH),
          scope.floats(log, ROWS, count, HEADS));
    }
  }

  private static double[] oracle(Columns columns, double[] state) {
    double[] outputs = new double[ROWS * columns.count() * HEADS * WIDTH];
    for (int at = 0; at < ROWS * columns.count(); at++) {
      int row = at / columns.count();
      for (int head = 0; head < HEADS; head++) {
        int side = (at * GROUPS + head / (HEADS / GROUPS)) * DEPTH;
        double decay = Math.exp(columns.log()[at * HEADS + head]);
        for (int i = 0; i < WIDTH; i++) {
          int line = ((row * HEADS + head) * WIDTH + i) * DEPTH;
          int output = (at * HEADS + head) * WIDTH + i;
          for (int j = 0; j < DEPTH; j++) {
            state[line + j] =
                decay * state[line + j] + columns.x()[output] * columns.into()[side + j];
            outputs[output] += state[line + j] * columns.outOf()[side + j];
          }
        }
      }
    }
    return outputs;
  }

  private static void requireOracle(Columns... passes) {
    double[] expected = new double[ROWS * HEADS * WIDTH * DEPTH];
    RecurrentState.Part part = new RecurrentState.Part(DType.FLOAT32, List.of(HEADS, WIDTH, DEPTH));
    try (MlxScope scope = MlxScope.open("state space")) {
      RecurrentState state = RecurrentState.empty(scope, List.of(part), ROWS);
      for (Columns columns : passes) {
        double[] outputs = oracle(columns, expected);
        float[] actual = columns.space(scope).apply(scope, state, 0).toFloats();
        Doubles.requireNear("outputs of " + columns.count(), outputs, actual, TOLERANCE);
      }
      Doubles.requireNear("state", expected, state.array(0).toFloats(), TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 31, 63, 64, 65, 128, 150})
  void columnsInOnePass_equalTheRecurrence(int count) {
    requireOracle(Columns.random(count, count, -1.5));
  }

  @Test
  void passesOfAnyLength_goOnWhereTheLastOneEnded() {
    requireOracle(
        Columns.random(70, 1, -1.5),
        Columns.random(1, 2, -1.5),
        Columns.random(64, 3, -1.5),
        Columns.random(5, 4, -1.5));
  }

  @Test
  void decayToNothing_staysFinite() {
    requireOracle(Columns.random(100, 5, -500), Columns.random(3, 6, -500));
  }
}
