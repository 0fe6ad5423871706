package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import java.util.List;
import java.util.Optional;

/** What a tensor may be called and how large it may be, for reading and for writing. */
final class TensorRules {
  static final int MAX_NAME = 512;
  static final int MAX_RANK = 8;
  static final int MAX_TENSORS = 100_000;
  static final int MAX_HEADER = 100_000_000;
  static final String METADATA = "__metadata__";

  private TensorRules() {}

  /** What is wrong with {@code name}; empty when it is fit to use. */
  static Optional<String> nameFault(String name) {
    if (name.isEmpty()) {
      return Optional.of("a tensor has an empty name");
    }
    if (name.length() > MAX_NAME) {
      return Optional.of(
          "the name of tensor %s has %s characters, more than %s"
              .formatted(ErrorText.quoted(name), name.length(), MAX_NAME));
    }
    if (!name.codePoints().allMatch(ErrorText::isPrintable)) {
      return Optional.of(
          "the name of tensor " + ErrorText.quoted(name) + " holds a control character");
    }
    // mlx-c uses error texts, which carry tensor names, as printf formats.
    if (name.indexOf('%') >= 0) {
      return Optional.of("the name of tensor " + ErrorText.quoted(name) + " holds a '%'");
    }
    return Optional.empty();
  }

  /**
   * Bytes of a tensor.
   *
   * @throws ArithmeticException when they are more than a long can count
   */
  static long byteSize(DType dtype, List<Integer> shape) {
    long size = dtype.itemSize();
    for (int dim : shape) {
      size = Math.multiplyExact(size, (long) dim);
    }
    return size;
  }
}
