package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.DType;
import java.util.List;

/**
 * One tensor of a safetensors file.
 *
 * @param name the checkpoint's own name
 * @param dtype element type as stored
 * @param shape dimensions, outermost first; empty for a scalar
 * @param begin first byte, counted from the start of the data section
 * @param end byte after the last one, counted the same way
 */
public record TensorInfo(String name, DType dtype, List<Integer> shape, long begin, long end) {
  /** Copies the shape. */
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Length of the data in bytes. */
  public long byteSize() {
    return end - begin;
  }

  /** Number of elements; 0 when a dimension is 0, 1 for a scalar. */
  public long elements() {
    return byteSize() / dtype.itemSize();
  }
}
