package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayData;
import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.ArrayQueries;
import dev.hbar.mlx.internal.Execution;
import dev.hbar.mlx.internal.ShapeCalls;
import java.util.Arrays;
import java.util.Optional;

/**
 * An MLX array: lazy until evaluated, owned by the scope it was made in. Owner thread only.
 * Equality is identity.
 *
 * <p>Reading ({@link #toFloats()}, {@link #item()}, ...) evaluates, converts to the asked type and
 * copies; it never hands out MLX's memory.
 */
public final class MlxArray implements AutoCloseable {
  private static final int MAX_READ = Integer.MAX_VALUE / Long.BYTES;

  private final ArrayHandle handle;
  private Optional<IndexRange> range = Optional.empty();
  private MlxScope owner;
  private int[] dims;
  private DType type;

  MlxArray(ArrayHandle handle, MlxScope owner) {
    this.handle = handle;
    this.owner = owner;
  }

  ArrayHandle handle() {
    owner.requireUsable();
    return handle;
  }

  /** For sums: float16 and bfloat16 are refused, as on a CPU the sum of 70000 ones is 2048. */
  ArrayHandle wide() {
    DType dtype = dtype();
    if (dtype == DType.FLOAT16 || dtype == DType.BFLOAT16) {
      throw new IllegalArgumentException(
          "reduce in float32: convert the " + dtype + " array first");
    }
    return handle();
  }

  /** Notes the shape, so that MLX need not be asked for it; the caller gives the array away. */
  MlxArray shaped(int... known) {
    dims = known;
    return this;
  }

  /** The shape, for reading only: the array is this object's own. */
  int[] dims() {
    ArrayHandle checked = handle();
    if (dims == null || checked.isClosed()) {
      dims = ArrayQueries.shape(checked);
    }
    return dims;
  }

  /** Notes between which bounds the numbers lie, for where they are indices. */
  MlxArray knownAs(IndexRange numbers) {
    range = Optional.of(numbers);
    return this;
  }

  /** Notes that the numbers are some of those of {@code source}. */
  MlxArray outOf(MlxArray source) {
    range = source.range;
    return this;
  }

  Optional<IndexRange> range() {
    return range;
  }

  /** Notes that nothing is known of the numbers any more. */
  void forgetRange() {
    range = Optional.empty();
  }

  static ArrayHandle[] handles(MlxArray... arrays) {
    ArrayHandle[] handles = new ArrayHandle[arrays.length];
    Arrays.setAll(handles, i -> arrays[i].handle());
    return handles;
  }

  MlxScope owner() {
    return owner;
  }

  void moveTo(MlxScope scope) {
    owner = scope;
  }

  /** Dimensions, outermost first; empty for a scalar. */
  public int[] shape() {
    return dims().clone();
  }

  /** The dimension at {@code axis}, counted from the end when negative. */
  public int dim(int axis) {
    int[] shape = dims();
    return shape[axis < 0 ? shape.length + axis : axis];
  }

  /** Element type. */
  public DType dtype() {
    ArrayHandle checked = handle();
    if (type == null || checked.isClosed()) {
      type = ArrayQueries.dtype(checked);
    }
    return type;
  }

  /** Number of elements. */
  public long size() {
    return ArrayQueries.size(handle());
  }

  /**
   * Steps between neighbours along each axis, in elements; evaluates. A view keeps the steps of
   * what it looks at, and a broadcast axis has 0.
   */
  public long[] strides() {
    owner.eval(this);
    return ArrayQueries.strides(handle());
  }

  /** MLX's own text of the elements, long arrays shortened. Evaluates. */
  public String toText() {
    owner.eval(this);
    return ArrayQueries.text(handle());
  }

  /** Size of the elements in bytes when contiguous. */
  public long byteSize() {
    return ArrayQueries.byteSize(handle());
  }

  /** All elements as float32, row by row. Evaluates. */
  public float[] toFloats() {
    return read(DType.FLOAT32, ArrayData::floats);
  }

  /** All elements as int32, row by row. Evaluates. */
  public int[] toInts() {
    return read(DType.INT32, ArrayData::ints);
  }

  /** The raw little-endian bytes, row by row, in the array's own element type. Evaluates. */
  public byte[] toBytes() {
    return read(dtype(), ArrayData::bytes);
  }

  /** The only element as float32. Evaluates. */
  public float item() {
    requireSingle();
    return toFloats()[0];
  }

  /** The only element as int32. Evaluates. */
  public int itemInt() {
    requireSingle();
    return toInts()[0];
  }

  private void requireSingle() {
    if (size() != 1) {
      throw new IllegalStateException("one element wanted, shape is " + Arrays.toString(shape()));
    }
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ArrayHandle array);
  }

  /** Conversions make new arrays; they are freed here and never reach a scope. */
  private <T> T read(DType wanted, Reader<T> reader) {
    ArrayHandle source = handle();
    if (size() > MAX_READ) {
      throw new IllegalArgumentException(this + " is too large for one Java array");
    }
    ArrayHandle typed = ShapeCalls.astype(source, wanted);
    try {
      ArrayHandle rows = ShapeCalls.contiguous(typed);
      try {
        owner.evaluating(() -> Execution.eval(rows));
        return reader.read(rows);
      } finally {
        rows.close();
      }
    } finally {
      typed.close();
    }
  }

  /** True after {@link #close}, or when its scope was closed. */
  public boolean isClosed() {
    return handle.isClosed();
  }

  /** Frees the array before its scope does. Idempotent. */
  @Override
  public void close() {
    MlxThread.requireOwner();
    handle.close();
  }

  @Override
  public String toString() {
    return isClosed()
        ? "MlxArray(closed)"
        : "MlxArray"
            + Arrays.toString(ArrayQueries.shape(handle))
            + " "
            + ArrayQueries.dtype(handle);
  }
}
