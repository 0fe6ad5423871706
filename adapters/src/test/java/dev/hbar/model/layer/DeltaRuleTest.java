package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is the recurrence as it is written, column by column, in doubles. */
@NativeTest
final class DeltaRuleTest {
  private static final int ROWS = 2;
  private static final int GROUPS = 2;
  private static final int HEADS = 6;
  private static final int KEY = 8;
  private static final int VALUE = 5;

  /** float32 against doubles. */
  private static final double TOLERANCE = 2e-6;

  /** Columns of one pass, as the checkpoint's projections would give them. */
  private record Columns(int count, float[] q, float[] k, float[] v, float[] log, float[] beta) {
    static Columns random(int count, long seed) {
      Doubles numbers = new Doubles(seed);
      return new Columns(
          count,
          numbers.normal(ROWS * count * GROUPS * KEY),
          Doubles.unit(numbers.normal(ROWS * count * GROUPS * KEY), KEY),
          numbers.normal(ROWS * count * HEADS * VALUE),
          numbers.uniform(ROWS * count * HEADS, -1.5, 0),
          numbers.uniform(ROWS * count * HEADS, 0, 1));
    }

    DeltaRule rule(MlxScope scope) {
      return new DeltaRule(
          scope.floats(q, ROWS, count, GROUPS, KEY),
          scope.floats(k, ROWS, count, GROUPS, KEY),
          scope.floats(v, ROWS, count, HEADS, VALUE),
          scope.floats(log, ROWS, count, HEADS),
          scope.floats(beta, ROWS, count, HEADS));
    }
  }

  /** S of every row and head, and the answers. */
  private static double[] oracle(Columns columns, double[] memory) {
    double[] answers = new double[ROWS * columns.count() * HEADS * VALUE];
    for (int row = 0; row < ROWS; row++) {
      for (int t = 0; t < columns.count(); t++) {
        for (int head = 0; head < HEADS; head++) {
          column(columns, memory, answers, row * columns.count() + t, row, head);
        }
      }
    }
    return answers;
  }

  private static void column(
      Columns columns, double[] memory, double[] answers, int at, int row, int head) {
    int key = (at * GROUPS + head / (HEADS / GROUPS)) * KEY;
    double decay = Math.exp(columns.log()[at * HEADS + head]);
    double beta = columns.beta()[at * HEADS + head];
    for (int i = 0; i < VALUE; i++) {
      int line = ((row * HEADS + head) * VALUE + i) * KEY;
      double held = 0;
      for (int j = 0; j < KEY; j++) {
        memory[line + j] *= decay;
        held += memory[line + j] * columns.k()[key + j];
      }
      double change = beta * (columns.v()[(at * HEADS + head) * VALUE + i] - held);
      double answer = 0;
      for (int j = 0; j < KEY; j++) {
        memory[line + j] += change * columns.k()[key + j];
        answer += memory[line + j] * columns.q()[key + j];
      }
      answers[(at * HEADS + head) * VALUE + i] = answer;
    }
  }

  private static void requireOracle(Columns... passes) {
    double[] memory = new double[ROWS * HEADS * VALUE * KEY];
    RecurrentState.Part part = new RecurrentState.Part(DType.FLOAT32, List.of(HEADS, VALUE, KEY));
    try (MlxScope scope = MlxScope.open("delta rule")) {
      RecurrentState state = RecurrentState.empty(scope, List.of(part), ROWS);
      for (Columns columns : passes) {
        double[] answers = oracle(columns, memory);
        float[] actual = columns.rule(scope).apply(scope, state, 0).toFloats();
        Doubles.requireNear("answers of " + columns.count(), answers, actual, TOLERANCE);
      }
      Doubles.requireNear("memory", memory, state.array(0).toFloats(), TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 31, 63, 64, 65, 128, 150})
  void columnsInOnePass_equalTheRecurrence(int count) {
    requireOracle(Columns.random(count, count));
  }

  @Test
  void passesOfAnyLength_goOnWhereTheLastOneEnded() {
    requireOracle(
        Columns.random(70, 1), Columns.random(1, 2), Columns.random(64, 3), Columns.random(5, 4));
  }

  /** Where the series of powers would lose everything: all keys alike, all of the value taken. */
  @Test
  void sameKeyInEveryColumn_leavesTheLastValue() {
    Columns random = Columns.random(130, 5);
    float[] key = new float[random.k().length];
    for (int i = 0; i < key.length; i += KEY) {
      key[i] = 1f;
    }
    float[] ones = new float[random.beta().length];
    Arrays.fill(ones, 1f);
    float[] none = new float[ones.length];
    requireOracle(new Columns(130, random.q(), key, random.v(), none, ones));
  }

  @Test
  void decayToNothing_staysFinite() {
    Columns random = Columns.random(100, 6);
    float[] log = random.log().clone();
    for (int i = 0; i < log.length; i += 7) {
      log[i] = -500f;
    }
    requireOracle(new Columns(100, random.q(), random.k(), random.v(), log, random.beta()));
  }
}
