package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.array_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Elements into and out of MLX. Every size is checked here: MLX copies as many bytes as the shape
 * says.
 */
public final class ArrayData {
  private static final long MAX_ELEMENTS = 1L << 40;
  private static final long ALWAYS_FITS = 1L << 28;

  private ArrayData() {}

  public static ArrayHandle ofFloats(float[] values, int... shape) {
    return copied(MemorySegment.ofArray(values), DType.FLOAT32, shape);
  }

  public static ArrayHandle ofInts(int[] values, int... shape) {
    return copied(MemorySegment.ofArray(values), DType.INT32, shape);
  }

  /** Copies the remaining bytes of {@code bytes}: little-endian elements of {@code dtype}. */
  public static ArrayHandle ofBytes(ByteBuffer bytes, DType dtype, int... shape) {
    return copied(MemorySegment.ofBuffer(bytes), dtype, shape);
  }

  private static ArrayHandle copied(MemorySegment source, DType dtype, int[] shape) {
    long expected = Math.multiplyExact(elements(shape), (long) dtype.itemSize());
    if (source.byteSize() != expected) {
      throw new IllegalArgumentException(
          "%s bytes given, shape %s of %s needs %s"
              .formatted(source.byteSize(), Arrays.toString(shape), dtype, expected));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = source.isNative() ? source : arena.allocate(Math.max(1, expected), 64);
      if (!source.isNative()) {
        MemorySegment.copy(source, 0, data, 0, expected);
      }
      MemorySegment dims = Scratch.ints(shape);
      return NativeCall.made(
          "mlx_array_new_data",
          slot -> array_h.mlx_array_new_data(slot, data, dims, shape.length, dtype.code()));
    }
  }

  /** Product of the dimensions; refuses what MLX would wrap around silently. */
  static long elements(int... shape) {
    return product(0, shape);
  }

  /**
   * Refuses a product that wraps to the array's own size, which MLX would take; -1 stands for what
   * is left.
   */
  static void requireReshape(int... shape) {
    product(-1, shape);
  }

  private static long product(int smallest, int... shape) {
    long product = 1;
    for (int dim : shape) {
      if (dim < smallest) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(shape));
      }
      product = Math.multiplyExact(product, (long) Math.abs(dim));
      if (product > MAX_ELEMENTS) {
        throw new IllegalArgumentException("too many elements: " + Arrays.toString(shape));
      }
    }
    return product;
  }

  /**
   * Refuses what MLX cannot hold: on a CPU, an allocation that the system refuses is a crash.
   *
   * @return {@code shape}
   */
  static int[] requireAllocatable(DType dtype, int... shape) {
    long bytes = Math.multiplyExact(elements(shape), (long) dtype.itemSize());
    if (bytes > ALWAYS_FITS && bytes > MemoryCalls.limit()) {
      throw new IllegalArgumentException(
          "%s of %s needs %s bytes, MLX's memory limit is %s"
              .formatted(Arrays.toString(shape), dtype, bytes, MemoryCalls.limit()));
    }
    return shape;
  }

  /** The elements of an evaluated, row-contiguous float32 array. */
  public static float[] floats(ArrayHandle array) {
    return data(array, DType.FLOAT32).toArray(ValueLayout.JAVA_FLOAT);
  }

  /** The elements of an evaluated, row-contiguous int32 array. */
  public static int[] ints(ArrayHandle array) {
    return data(array, DType.INT32).toArray(ValueLayout.JAVA_INT);
  }

  /** The raw little-endian bytes of an evaluated, row-contiguous array. */
  public static byte[] bytes(ArrayHandle array) {
    return data(array, ArrayQueries.dtype(array)).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * The array's own buffer in writable pieces, for filling a freshly made array from a file without
   * a copy. The array must be evaluated and must stay open while the pieces are used; any thread
   * may write to them.
   */
  public static ByteBuffer[] pieces(ArrayHandle array, int pieceBytes) {
    MemorySegment all = data(array, ArrayQueries.dtype(array));
    long total = all.byteSize();
    ByteBuffer[] pieces = new ByteBuffer[Math.toIntExact((total + pieceBytes - 1) / pieceBytes)];
    for (int i = 0; i < pieces.length; i++) {
      long start = (long) i * pieceBytes;
      pieces[i] = all.asSlice(start, Math.min(pieceBytes, total - start)).asByteBuffer();
    }
    return pieces;
  }

  /**
   * The data pointer is only asked for once the array is available and row-contiguous: before
   * evaluation it is a crash, and a broadcast array's buffer is smaller than its shape.
   */
  private static MemorySegment data(ArrayHandle array, DType expected) {
    DType dtype = ArrayQueries.dtype(array);
    if (dtype != expected) {
      throw new IllegalArgumentException("array is " + dtype + ", not " + expected);
    }
    long size = ArrayQueries.byteSize(array);
    if (size == 0) {
      return MemorySegment.NULL;
    }
    requireFlag(array, "_mlx_array_is_available", array_h::_mlx_array_is_available);
    requireFlag(array, "_mlx_array_is_row_contiguous", array_h::_mlx_array_is_row_contiguous);
    ErrorTrap.clear();
    MemorySegment pointer = array_h.mlx_array_data_uint8(array.struct());
    if (pointer.address() == 0) {
      throw new IllegalStateException("MLX gave no data pointer: " + ErrorTrap.take());
    }
    return pointer.reinterpret(size);
  }

  @FunctionalInterface
  private interface Flag {
    int read(MemorySegment out, MemorySegment array);
  }

  private static void requireFlag(ArrayHandle array, String function, Flag flag) {
    MemorySegment out = Scratch.bytes(1);
    NativeCall.check(function, flag.read(out, array.struct()), array);
    if (out.get(ValueLayout.JAVA_BYTE, 0) == 0) {
      throw new IllegalStateException(function + " is false: evaluate a contiguous copy first");
    }
  }
}
