package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import java.util.List;

/**
 * One tensor of a file to be written.
 *
 * @param name up to 512 printable characters, no '%'
 * @param dtype element type
 * @param shape dimensions, outermost first; empty for a scalar
 * @param source writes exactly the bytes that dtype and shape ask for
 */
public record TensorToWrite(String name, DType dtype, List<Integer> shape, TensorSource source) {
  /** Copies the shape. */
  public TensorToWrite {
    shape = List.copyOf(shape);
  }

  /**
   * Length of the data in bytes.
   *
   * @throws IllegalArgumentException for a name, rank or dimension that the format has no place for
   */
  public long byteSize() {
    TensorRules.nameFault(name).ifPresent(TensorToWrite::refuse);
    if (name.equals(TensorRules.METADATA)) {
      refuse("a tensor cannot be named " + TensorRules.METADATA);
    }
    if (shape.size() > TensorRules.MAX_RANK || shape.stream().anyMatch(dim -> dim < 0)) {
      refuse("tensor " + ErrorText.quoted(name) + " cannot have shape " + shape);
    }
    try {
      return TensorRules.byteSize(dtype, shape);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor " + ErrorText.quoted(name) + " of shape " + shape + " is too large", e);
    }
  }

  private static void refuse(String fault) {
    throw new IllegalArgumentException(fault);
  }
}
