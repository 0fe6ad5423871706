package dev.hbar.model.checkpoint;

import dev.hbar.mlx.QuantizationMode;

/**
 * How one weight matrix is packed. Numbers outside of these are a crash in MLX (division by zero,
 * reads past the end), so no other value can be made.
 *
 * @param groupSize weights that share a scale, along the input axis
 * @param bits per weight
 * @param mode the way of packing
 */
public record Quantization(int groupSize, int bits, QuantizationMode mode) {
  /** Refuses what the mode does not allow. */
  public Quantization {
    mode.validate(groupSize, bits);
  }

  /** The same numbers in affine packing, if that allows them. */
  Quantization affine() {
    QuantizationMode affine = QuantizationMode.AFFINE;
    return fits(groupSize, bits, affine) ? new Quantization(groupSize, bits, affine) : this;
  }

  static boolean fits(int groupSize, int bits, QuantizationMode mode) {
    return mode.bits().contains(bits) && mode.groupSizes().contains(groupSize);
  }
}
