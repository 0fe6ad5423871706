package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that come together and leave, of a state with more than one part. */
@NativeTest
final class RecurrentStateTest {
  private static final List<RecurrentState.Part> PARTS =
      List.of(
          new RecurrentState.Part(DType.FLOAT32, List.of(2)),
          new RecurrentState.Part(DType.FLOAT32, List.of(1)));

  /** Row r of a state begins with {@code first + 10 * r} in each part. */
  private static RecurrentState state(MlxScope scope, int rows, float first) {
    RecurrentState state = RecurrentState.empty(scope, PARTS, rows);
    for (int part = 0; part < PARTS.size(); part++) {
      int width = PARTS.get(part).shape().getFirst();
      float[] values = new float[rows * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = first + 10 * (i / width) + i % width;
      }
      state.replace(part, owner -> owner.floats(values, rows, width));
    }
    return state;
  }

  private static void require(RecurrentState state, float... firstOfEachRow) {
    float[] pairs = new float[2 * firstOfEachRow.length];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = firstOfEachRow[i / 2] + i % 2;
    }
    assertArrayEquals(pairs, state.array(0).toFloats());
    assertArrayEquals(firstOfEachRow, state.array(1).toFloats());
  }

  @Test
  void rowsOfSeveralStates_areStackedInTheOrderAskedFor() {
    try (MlxScope scope = MlxScope.open("states")) {
      RecurrentState one = state(scope, 2, 0);
      RecurrentState other = state(scope, 3, 100);
      List<RecurrentState> sources = List.of(other, one, other);
      require(RecurrentState.stacked(scope, sources, new int[] {2, 1, 0}), 120, 10, 100);
      require(one, 0, 10);
    }
  }

  @Test
  void rowsThatGoOn_areThoseInEveryPart() {
    try (MlxScope scope = MlxScope.open("states")) {
      RecurrentState state = state(scope, 4, 0);
      MlxArray rows = scope.ints(new int[] {3, 1}, 2);
      long before = Mlx.liveArrays();
      state.retain(rows);
      require(state, 30, 10);
      assertEquals(before, Mlx.liveArrays(), "the parts that were replaced");
    }
  }
}
