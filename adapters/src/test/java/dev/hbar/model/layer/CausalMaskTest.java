package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every query sees its own and the earlier tokens of its row within the window, and no other. */
@NativeTest
class CausalMaskTest {
  private static final float HIDDEN = -Float.MAX_VALUE;

  /** Two pieces of three rows, the first two of which are padded. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, Integer.MAX_VALUE})
  void paddedRows_seeTheirOwnWindow(int window) {
    int[][] padding = {{2, 0, 1}, {0, 3, 1}};
    int[] counts = {4, 3};
    RowLayout layout = new RowLayout(3, Reach.window(window));
    try (MlxScope scope = MlxScope.open("mask")) {
      for (int piece = 0; piece < counts.length; piece++) {
        layout.append(counts[piece], padding[piece]);
        Mask mask = CausalMask.of(scope, layout, counts[piece], DType.FLOAT32, MaskChoice.AUTO);
        MlxArray array = assertInstanceOf(Mask.Additive.class, mask).mask();
        requireSeen(layout, counts[piece], array, window);
      }
    }
  }

  private static void requireSeen(RowLayout layout, int queries, MlxArray mask, int window) {
    assertEquals(3, mask.dim(0));
    assertEquals(queries, mask.dim(2));
    assertEquals(layout.columns(), mask.dim(3));
    float[] values = mask.toFloats();
    for (int row = 0; row < 3; row++) {
      for (int query = 0; query < queries; query++) {
        for (int key = 0; key < layout.columns(); key++) {
          int self = layout.start() + query;
          int own = layout.position(row, self);
          int other = layout.position(row, key);
          boolean isToken = own != RowLayout.NONE && other != RowLayout.NONE;
          boolean seen = key == self || isToken && other <= own && own - other < window;
          float value = values[(row * queries + query) * layout.columns() + key];
          assertEquals(seen ? 0f : HIDDEN, value, row + " " + query + " " + key);
        }
      }
    }
  }

  @Test
  void fullRows_shareOneMask() {
    RowLayout layout = new RowLayout(2, Reach.window(3));
    layout.append(2, new int[2]);
    try (MlxScope scope = MlxScope.open("mask")) {
      assertEquals(Mask.CAUSAL, mask(scope, layout, 2, MaskChoice.AUTO));
      assertEquals(Mask.CAUSAL, mask(scope, layout, 2, MaskChoice.CAUSAL));
      assertEquals(1, additive(mask(scope, layout, 2, MaskChoice.ADDITIVE)).dim(0));
      layout.append(1, new int[2]);
      assertEquals(Mask.NONE, mask(scope, layout, 1, MaskChoice.AUTO), "three keys are in reach");
      assertEquals(Mask.NONE, mask(scope, layout, 1, MaskChoice.ADDITIVE));
      layout.append(2, new int[2]);
      float[] values = additive(mask(scope, layout, 2, MaskChoice.CAUSAL)).toFloats();
      float[] wanted = {0, 0, 0, HIDDEN, HIDDEN, 0, 0, 0};
      for (int i = 0; i < wanted.length; i++) {
        assertEquals(wanted[i], values[i], "of 8, at " + i);
      }
    }
  }

  @Test
  void narrowTypes_haveTheirOwnLowestNumber() {
    RowLayout layout = new RowLayout(1, Reach.ALL);
    layout.append(2, new int[1]);
    try (MlxScope scope = MlxScope.open("mask")) {
      for (DType dtype : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
        Mask mask = CausalMask.of(scope, layout, 2, dtype, MaskChoice.ADDITIVE);
        assertEquals(dtype, additive(mask).dtype());
        float[] values = scope.ops().astype(additive(mask), DType.FLOAT32).toFloats();
        assertEquals(CausalMask.lowest(dtype), values[1]);
        assertEquals(0f, values[0] + values[2] + values[3]);
      }
    }
    assertEquals(-65504f, CausalMask.lowest(DType.FLOAT16));
    assertEquals(-3.3895314e38f, CausalMask.lowest(DType.BFLOAT16));
  }

  private static Mask mask(MlxScope scope, RowLayout layout, int queries, MaskChoice choice) {
    return CausalMask.of(scope, layout, queries, DType.FLOAT32, choice);
  }

  private static MlxArray additive(Mask mask) {
    return assertInstanceOf(Mask.Additive.class, mask).mask();
  }
}
