package dev.hbar.mlx;

import java.util.List;

/**
 * Where the elements of a tensor lie in a file: little-endian, row by row, without a gap.
 *
 * @param dtype element type as stored
 * @param shape dimensions, outermost first; empty for a scalar
 * @param position first byte, counted from the start of the file
 */
public record StoredTensor(DType dtype, List<Integer> shape, long position) {
  /** Copies the shape. */
  public StoredTensor {
    shape = List.copyOf(shape);
  }
}
