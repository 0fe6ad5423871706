package dev.hbar.mlx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How MLX packs weights, with the bits and group sizes that its kernels have for each way; MLX
 * itself accepts others and answers garbage.
 */
public enum QuantizationMode {
  /** Scale and bias per group, in the checkpoint's float type. */
  AFFINE("affine", List.of(2, 3, 4, 5, 6, 8), List.of(32, 64, 128)),
  /** 4-bit floats with one 8-bit power-of-two scale per 32. */
  MXFP4("mxfp4", List.of(4), List.of(32)),
  /** 8-bit floats with one 8-bit power-of-two scale per 32. */
  MXFP8("mxfp8", List.of(8), List.of(32)),
  /** 4-bit floats with one 8-bit float scale per 16. */
  NVFP4("nvfp4", List.of(4), List.of(16));

  private final String mlxName;
  private final List<Integer> bits;
  private final List<Integer> groupSizes;

  QuantizationMode(String mlxName, List<Integer> bits, List<Integer> groupSizes) {
    this.mlxName = mlxName;
    this.bits = bits;
    this.groupSizes = groupSizes;
  }

  /** MLX's name, as in config.json. */
  public String mlxName() {
    return mlxName;
  }

  @Override
  public String toString() {
    return mlxName();
  }

  /** Bits per weight that the mode allows, ascending. */
  public List<Integer> bits() {
    return bits;
  }

  /** Weights per scale that the mode allows, ascending. */
  public List<Integer> groupSizes() {
    return groupSizes;
  }

  /** Bits that MLX takes when none are given. */
  public int defaultBits() {
    return this == AFFINE ? 4 : bits.getFirst();
  }

  /** Weights per scale that MLX takes when none are given. */
  public int defaultGroupSize() {
    return this == AFFINE ? 64 : groupSizes.getFirst();
  }

  /** True when a bias stands beside each scale. */
  public boolean hasBiases() {
    return this == AFFINE;
  }

  /** The mode of that name; empty when there is none. */
  public static Optional<QuantizationMode> ofMlxName(String name) {
    return Arrays.stream(values()).filter(mode -> mode.mlxName.equals(name)).findFirst();
  }

  /** Throws IllegalArgumentException unless this mode allows the numbers. */
  public void validate(int groupSize, int bitCount) {
    if (!bits.contains(bitCount) || !groupSizes.contains(groupSize)) {
      throw new IllegalArgumentException(
          "%s has no groups of %s with %s bits".formatted(mlxName, groupSize, bitCount));
    }
  }
}
