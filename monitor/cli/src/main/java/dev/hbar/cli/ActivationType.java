package dev.hbar.cli;

import dev.hbar.mlx.DType;
import java.util.Locale;
import java.util.Optional;

/** What {@code --dtype} may say. */
enum ActivationType {
  AUTO(Optional.empty()),
  FLOAT32(Optional.of(DType.FLOAT32)),
  FLOAT16(Optional.of(DType.FLOAT16)),
  BFLOAT16(Optional.of(DType.BFLOAT16));

  private final Optional<DType> dtype;

  ActivationType(Optional<DType> dtype) {
    this.dtype = dtype;
  }

  /** Empty leaves the choice to the compute policy. */
  Optional<DType> dtype() {
    return dtype;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
