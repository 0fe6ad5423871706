package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.array_h;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;

/** What an array says of itself without being evaluated: its shape, element type and size. */
public final class ArrayQueries {
  private ArrayQueries() {}

  /** Dimensions, outermost first; copied out at once because the pointer dies with the array. */
  public static int[] shape(ArrayHandle array) {
    watch();
    MemorySegment struct = array.struct();
    int rank = (int) array_h.mlx_array_ndim(struct);
    int[] shape = new int[rank];
    if (rank > 0) {
      watch();
      MemorySegment dims = array_h.mlx_array_shape(struct);
      MemorySegment.copy(dims, ValueLayout.JAVA_INT, 0, shape, 0, rank);
    }
    return shape;
  }

  public static DType dtype(ArrayHandle array) {
    watch();
    return DType.ofCode(array_h.mlx_array_dtype(array.struct()));
  }

  /** Size of the elements in bytes, as if the array were contiguous. */
  public static long byteSize(ArrayHandle array) {
    watch();
    return array_h.mlx_array_nbytes(array.struct());
  }

  /** Number of elements. */
  public static long size(ArrayHandle array) {
    watch();
    return array_h.mlx_array_size(array.struct());
  }

  /** Steps between neighbours along each axis, in elements; of an evaluated array. */
  public static long[] strides(ArrayHandle array) {
    int rank = Math.toIntExact(array_h.mlx_array_ndim(array.struct()));
    return rank == 0
        ? new long[0]
        : array_h
            .mlx_array_strides(array.struct())
            .reinterpret(rank * (long) Long.BYTES)
            .toArray(ValueLayout.JAVA_LONG);
  }

  /** MLX's own text of the elements; evaluates. */
  public static String text(ArrayHandle array) {
    return NativeText.of(
        "mlx_array_tostring", out -> array_h.mlx_array_tostring(out, array.struct()));
  }

  private static void watch() {
    if (CallWatch.ON) {
      CallWatch.query();
    }
  }

  static String describe(ArrayHandle array) {
    if (array.isClosed()) {
      return "closed";
    }
    return dtype(array).name().toLowerCase(Locale.ROOT) + Arrays.toString(shape(array));
  }
}
