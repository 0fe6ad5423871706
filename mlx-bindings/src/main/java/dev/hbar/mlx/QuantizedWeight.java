package dev.hbar.mlx;

import dev.hbar.mlx.internal.QuantizedHandles;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A packed matrix [rows, columns], or a stack of them [count, rows, columns], as MLX's quantized
 * calls take it: weight uint32 [..., rows, columns*bits/32], scales and biases [..., rows,
 * columns/groupSize]. Everything is validated here, because MLX divides by zero, reads past the end
 * or answers garbage on numbers that do not fit.
 */
public final class QuantizedWeight {
  private final MlxArray weight;
  private final MlxArray scales;
  private final Optional<MlxArray> biases;
  private final int groupSize;
  private final int bits;
  private final QuantizationMode mode;
  private final int[] packed;
  private final QuantizedHandles handles;

  /**
   * Refuses numbers and shapes that do not fit each other.
   *
   * @throws IllegalArgumentException which says what does not fit
   */
  public QuantizedWeight(
      MlxArray weight,
      MlxArray scales,
      Optional<MlxArray> biases,
      int groupSize,
      int bits,
      QuantizationMode mode) {
    mode.validate(groupSize, bits);
    require(
        scales.dtype().isFloating() == mode.hasBiases(),
        "scales are " + scales.dtype() + ", which mode " + mode.mlxName() + " does not take");
    packed = weight.shape();
    int[] groups = scales.shape();
    require(weight.dtype() == DType.UINT32, "weight must be uint32, is " + weight.dtype());
    int last = packed.length - 1;
    require(
        (last == 1 || last == 2) && groups.length == packed.length,
        "weight and scales must both be 2-d, or both 3-d");
    require(
        packed[last - 1] == groups[last - 1],
        "scales have " + groups[last - 1] + " rows, the weight has " + packed[last - 1]);
    require(
        last == 1 || packed[0] == groups[0],
        "scales are a stack of " + groups[0] + ", the weight of " + packed[0]);
    require(
        (long) packed[last] * 32 == (long) groups[last] * groupSize * bits,
        "weight %s and scales %s do not fit %s bits in groups of %s"
            .formatted(Arrays.toString(packed), Arrays.toString(groups), bits, groupSize));
    require(
        biases.isPresent() == mode.hasBiases(), "mode " + mode.mlxName() + " and biases disagree");
    biases.ifPresent(
        b -> require(Arrays.equals(b.shape(), groups), "biases and scales differ in shape"));
    biases.ifPresent(b -> require(b.dtype() == scales.dtype(), "biases and scales differ in type"));
    this.weight = weight;
    this.scales = scales;
    this.biases = biases;
    this.groupSize = groupSize;
    this.bits = bits;
    this.mode = mode;
    this.handles =
        new QuantizedHandles(
            weight.handle(),
            scales.handle(),
            biases.map(MlxArray::handle),
            groupSize,
            bits,
            mode.mlxName());
  }

  /** The codes, uint32. */
  public MlxArray weight() {
    return weight;
  }

  /** The scale of each group. */
  public MlxArray scales() {
    return scales;
  }

  /** The bias of each group, in modes that have them. */
  public Optional<MlxArray> biases() {
    return biases;
  }

  /** Columns that share a scale. */
  public int groupSize() {
    return groupSize;
  }

  /** Bits of a code. */
  public int bits() {
    return bits;
  }

  /** How codes are read. */
  public QuantizationMode mode() {
    return mode;
  }

  /** Number of rows, the output features of a linear layer. */
  public int rows() {
    return packed[packed.length - 2];
  }

  /** Number of stacked matrices; 1 for a single one. */
  public int count() {
    return packed.length == 3 ? packed[0] : 1;
  }

  /** Number of unpacked columns, the input features. */
  public int columns() {
    return Math.toIntExact(packed[packed.length - 1] * (long) Integer.SIZE / bits);
  }

  /**
   * The same codes with scales and biases converted to another floating type; the scales of modes
   * that have bytes for scales stay.
   */
  public QuantizedWeight withScales(UnaryOperator<MlxArray> conversion) {
    return mode.hasBiases()
        ? new QuantizedWeight(
            weight, conversion.apply(scales), biases.map(conversion), groupSize, bits, mode)
        : this;
  }

  QuantizedHandles handles() {
    weight.handle();
    return handles;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
