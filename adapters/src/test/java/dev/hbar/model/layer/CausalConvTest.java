package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle is the sum over the last columns of a row, in doubles, however the row came in. */
@NativeTest
final class CausalConvTest {
  private static final int ROWS = 3;
  private static final int TAPS = 4;
  private static final int CHANNELS = 5;
  private static final int LONGEST = 12;
  private static final double TOLERANCE = 1e-6;

  private final float[][] tokens = new float[ROWS][];
  private final float[] weight = new Doubles(9).normal(TAPS * CHANNELS);
  private final float[] bias = new Doubles(10).normal(CHANNELS);

  CausalConvTest() {
    for (int row = 0; row < ROWS; row++) {
      tokens[row] = new Doubles(row).normal(LONGEST * CHANNELS);
    }
  }

  private double oracle(int row, int token, int channel) {
    double sum = bias[channel];
    for (int tap = 0; tap < TAPS; tap++) {
      int at = token + tap - (TAPS - 1);
      sum += at < 0 ? 0 : (double) tokens[row][at * CHANNELS + channel] * at(tap, channel);
    }
    return sum;
  }

  private float at(int tap, int channel) {
    return weight[tap * CHANNELS + channel];
  }

  /** What the rows have seen, and the next piece of each, right-aligned behind its padding. */
  private final class Rows {
    private final int[] seen = new int[ROWS];
    private final MlxScope scope;
    private final CausalConv conv;
    private final RecurrentState state;

    Rows(MlxScope scope) {
      this.scope = scope;
      this.conv =
          new CausalConv(
              scope.floats(weight, TAPS, CHANNELS), Optional.of(scope.floats(bias, CHANNELS)));
      RecurrentState.Part tail = CausalConv.tail(TAPS, CHANNELS, DType.FLOAT32);
      this.state = RecurrentState.empty(scope, List.of(tail), ROWS);
    }

    void requirePiece(int columns, int... padding) {
      float[] piece = new Doubles(99).normal(ROWS * columns * CHANNELS);
      for (int row = 0; row < ROWS; row++) {
        int from = (row * columns + padding[row]) * CHANNELS;
        int count = (columns - padding[row]) * CHANNELS;
        System.arraycopy(tokens[row], seen[row] * CHANNELS, piece, from, count);
      }
      MlxArray x = scope.floats(piece, ROWS, columns, CHANNELS);
      float[] sums = conv.apply(scope, x, state, 0, new Padding(columns, padding)).toFloats();
      for (int row = 0; row < ROWS; row++) {
        requireRow(sums, row, columns, padding[row]);
        seen[row] += columns - padding[row];
      }
    }

    private void requireRow(float[] sums, int row, int columns, int padding) {
      int count = (columns - padding) * CHANNELS;
      double[] expected = new double[count];
      float[] actual = new float[count];
      for (int i = 0; i < count; i++) {
        expected[i] = oracle(row, seen[row] + i / CHANNELS, i % CHANNELS);
        actual[i] = sums[(row * columns + padding) * CHANNELS + i];
      }
      Doubles.requireNear("row " + row + " after " + seen[row], expected, actual, TOLERANCE);
    }
  }

  /** Pieces shorter and longer than the tail, and single columns. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 12})
  void piecesOfAnyLength_goOnWhereTheLastOneEnded(int columns) {
    try (MlxScope scope = MlxScope.open("conv")) {
      Rows rows = new Rows(scope);
      for (int piece = 0; piece < LONGEST / columns; piece++) {
        rows.requirePiece(columns, 0, 0, 0);
      }
    }
  }

  /** A row that is padding only keeps its tail for the piece after. */
  @Test
  void paddingBetweenPieces_isNotInTheSum() {
    try (MlxScope scope = MlxScope.open("conv")) {
      Rows rows = new Rows(scope);
      rows.requirePiece(5, 0, 3, 5);
      rows.requirePiece(3, 2, 0, 1);
      rows.requirePiece(2, 2, 0, 0);
      rows.requirePiece(1, 0, 0, 0);
    }
  }

  @Test
  void paddingBeforeTokens_isZeroAndTheTokensStay() {
    float[] ones = {1, 2, 3, 4, 5, 6};
    try (MlxScope scope = MlxScope.open("zeroed")) {
      MlxArray x = scope.floats(ones, 2, 3, 1);
      assertArrayEquals(
          new float[] {0, 2, 3, 0, 0, 6},
          new Padding(3, new int[] {1, 2}).zeroed(scope, x).toFloats());
      assertArrayEquals(ones, new Padding(3, new int[2]).zeroed(scope, x).toFloats());
    }
  }
}
