package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns hold the tokens that the layout says, however they came in and whoever left. */
@NativeTest
final class KvBufferTest {
  private static final int HEADS = 2;
  private static final int SEEDS = 12;
  private static final int CHANGES = 25;

  private record Rows(RowLayout layout, KvBuffer buffer) {
    /** Each token is its position, in the second head half a number more. */
    void append(MlxScope scope, int count, int[] padding) {
      int rows = layout.rows();
      float[] values = new float[rows * HEADS * count];
      for (int i = 0; i < values.length; i++) {
        int row = i / (HEADS * count);
        values[i] = layout.tokens(row) + i % count - padding[row] + 0.5f * (i / count % HEADS);
      }
      layout.append(count, padding);
      buffer.reserve(layout);
      MlxArray x = scope.floats(values, rows, HEADS, count, 1);
      requireHeld(buffer.append(scope, layout, x).toFloats());
    }

    private void requireHeld(float[] view) {
      int columns = layout.columns();
      assertEquals(layout.rows() * HEADS * columns, view.length);
      for (int i = 0; i < view.length; i++) {
        int position = layout.position(i / (HEADS * columns), i % columns);
        if (position != RowLayout.NONE) {
          assertEquals(position + 0.5f * (i / columns % HEADS), view[i], "column " + i % columns);
        }
      }
    }

    Rows retained(MlxScope scope, int... kept) {
      buffer.retain(scope.ints(kept, kept.length));
      return new Rows(layout.retained(kept), buffer);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 17, Integer.MAX_VALUE})
  void piecesOfAnyLength_standWhereTheLayoutSays(int window) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      try (MlxScope scope = MlxScope.open("buffer")) {
        KvBuffer empty = KvBuffer.empty(scope, HEADS, 1, DType.FLOAT32, 3);
        Rows rows = new Rows(new RowLayout(3, Reach.window(window)), empty);
        for (int change = 0; change < CHANGES; change++) {
          int count = random.nextInt(3) == 0 ? 1 + random.nextInt(9) : 1;
          int[] padding = new int[rows.layout().rows()];
          if (count > 1) {
            Arrays.setAll(padding, row -> random.nextInt(count));
          }
          rows.append(scope, count, padding);
        }
        rows = rows.retained(scope, 2, 0);
        rows.append(scope, 1, new int[2]);
        rows.append(scope, 5, new int[] {0, 4});
      }
    }
  }
}
