package dev.hbar.model.convert;

import java.util.List;

/**
 * One tensor of a GGUF file.
 *
 * @param name as in the file
 * @param type how elements are stored
 * @param shape dimensions, outermost first (the file has them the other way round); one to four
 * @param offset of the first byte, from the start of the file
 * @param bytes length of the data
 */
record GgufTensor(String name, GgmlType type, List<Integer> shape, long offset, long bytes) {

  /** The innermost dimension, or 1 for a vector, whose elements count as rows. */
  int columns() {
    return shape.size() == 1 ? 1 : shape.getLast();
  }

  /** The product of all dimensions but the innermost. */
  int rows() {
    return shape.size() == 1
        ? shape.getFirst()
        : shape.subList(0, shape.size() - 1).stream().reduce(1, Math::multiplyExact);
  }
}
