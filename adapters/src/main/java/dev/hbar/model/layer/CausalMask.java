package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;

/**
 * The additive causal mask: 0 where a query may look, the lowest finite number elsewhere, in the
 * dtype of the activations. Finite on purpose, and a padding query may see itself: a row of nothing
 * but -infinity is NaN.
 */
public final class CausalMask {
  private static final float LOWEST_FLOAT16 = -65504f;
  private static final float LOWEST_BFLOAT16 = -0x1.fep127f;

  private CausalMask() {}

  /** The lowest finite number of a floating type. */
  public static float lowest(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> LOWEST_FLOAT16;
      case BFLOAT16 -> LOWEST_BFLOAT16;
      default -> -Float.MAX_VALUE;
    };
  }

  /** The cheapest mask that hides from {@code queries} new columns what they may not see. */
  static Mask of(MlxScope scope, RowLayout layout, int queries, DType dtype, MaskChoice choice) {
    if (queries == 1 && layout.isAllSeen()) {
      return Mask.NONE;
    }
    // Columns are out of order only after a single one took the oldest one's place.
    if (choice != MaskChoice.ADDITIVE && layout.isAllSeen()) {
      return Mask.CAUSAL;
    }
    return additive(scope, layout, queries, dtype);
  }

  /** For the last columns of {@code layout}: [rows or 1, 1, queries, columns]. */
  private static Mask additive(MlxScope scope, RowLayout layout, int queries, DType dtype) {
    int rows = layout.isFull() ? 1 : layout.rows();
    int keys = layout.columns();
    float[] values = new float[Math.multiplyExact(Math.multiplyExact(rows, queries), keys)];
    Arrays.fill(values, lowest(dtype));
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int query = 0; query < queries; query++) {
        show(values, at, layout, row, layout.start() + query);
        at += keys;
      }
    }
    MlxArray mask = scope.floats(values, rows, 1, queries, keys);
    return new Mask.Additive(dtype == DType.FLOAT32 ? mask : scope.ops().astype(mask, dtype));
  }

  /** The columns that the query in column {@code self} sees: its own and its window. */
  private static void show(float[] values, int at, RowLayout layout, int row, int self) {
    int position = layout.position(row, self);
    for (int key = 0; key < layout.columns(); key++) {
      int other = layout.position(row, key);
      if (other != RowLayout.NONE && layout.reach().sees(position, other)) {
        values[at + key] = 0f;
      }
    }
    values[at + self] = 0f;
  }
}
