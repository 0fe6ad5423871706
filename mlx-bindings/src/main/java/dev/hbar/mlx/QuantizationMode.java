package dev.hbar.mlx;

import java.util.Set;

/**
 * MLX's quantization modes with the numbers each allows; MLX itself accepts others and answers
 * garbage.
 */
public enum QuantizationMode {
  AFFINE("affine", Set.of(2, 3, 4, 5, 6, 8), Set.of(32, 64, 128)),
  MXFP4("mxfp4", Set.of(4), Set.of(32)),
  MXFP8("mxfp8", Set.of(8), Set.of(32)),
  NVFP4("nvfp4", Set.of(4), Set.of(16));

  private final String mlxName;
  private final Set<Integer> bits;
  private final Set<Integer> groupSizes;

  QuantizationMode(String mlxName, Set<Integer> bits, Set<Integer> groupSizes) {
    this.mlxName = mlxName;
    this.bits = bits;
    this.groupSizes = groupSizes;
  }

  /** MLX's own name, as in config.json. */
  public String mlxName() {
    return mlxName;
  }

  /** Affine weights carry a bias beside each scale. */
  public boolean hasBiases() {
    return this == AFFINE;
  }

  /** Throws IllegalArgumentException unless this mode allows the numbers. */
  public void validate(int groupSize, int bitCount) {
    if (!bits.contains(bitCount) || !groupSizes.contains(groupSize)) {
      throw new IllegalArgumentException(
          "%s does not exist with %d bits in groups of %d".formatted(mlxName, bitCount, groupSize));
    }
  }
}
