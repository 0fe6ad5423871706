package dev.hbar.attention;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

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

  /**
   * For {@code queries} new columns at the end of {@code layout}: [rows or 1, 1, queries, columns].
   */
  static Mask additive(MlxScope scope, RowLayout layout, int queries, DType dtype) {
    int rows = layout.isUniform() ? 1 : layout.rows();
    int keys = layout.columns();
    int past = keys - queries;
    float lowest = lowest(dtype);
    float[] values = new float[Math.multiplyExact(Math.multiplyExact(rows, queries), keys)];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int query = 0; query < queries; query++) {
        for (int key = 0; key < keys; key++) {
          boolean self = key == past + query;
          boolean visible = self || key < past + query && layout.isValid(row, key);
          values[at++] = visible ? 0f : lowest;
        }
      }
    }
    MlxArray mask = scope.floats(values, rows, 1, queries, keys);
    return new Mask.Additive(dtype == DType.FLOAT32 ? mask : scope.ops().astype(mask, dtype));
  }
}
