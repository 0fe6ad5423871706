package dev.hbar.mlx.internal;

import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.gen.vector_h;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/** mlx-c's vectors of arrays, which hold references: the arrays stay with their owners. */
final class ArrayVector {
  private ArrayVector() {}

  /** What {@code use} makes of a vector of these arrays, which is freed afterwards. */
  static <T> T with(Function<MemorySegment, T> use, ArrayHandle... arrays) {
    MemorySegment vector = of(arrays);
    try {
      return use.apply(vector);
    } finally {
      free(vector);
    }
  }

  /** A vector that the caller frees. */
  static MemorySegment of(ArrayHandle... arrays) {
    MemorySegment slot = Slots.take();
    MemorySegment vector = vector_h.mlx_vector_array_new((size, alignment) -> slot);
    for (ArrayHandle array : arrays) {
      vector_h.mlx_vector_array_append_value(vector, array.struct());
    }
    return vector;
  }

  static void free(MemorySegment vector) {
    vector_h.mlx_vector_array_free(vector);
    Slots.give(vector);
  }

  /** Each element is a new reference with an owner of its own. */
  static ArrayHandle[] elements(MemorySegment vector) {
    ArrayHandle[] arrays = new ArrayHandle[Math.toIntExact(vector_h.mlx_vector_array_size(vector))];
    try {
      for (int i = 0; i < arrays.length; i++) {
        long index = i;
        arrays[i] =
            NativeCall.array(
                "mlx_vector_array_get", out -> vector_h.mlx_vector_array_get(out, vector, index));
      }
      return arrays;
    } catch (MlxException failed) {
      Arrays.stream(arrays).filter(Objects::nonNull).forEach(ArrayHandle::close);
      throw failed;
    }
  }
}
