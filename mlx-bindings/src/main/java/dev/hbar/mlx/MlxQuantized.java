package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.FastCalls;
import dev.hbar.mlx.internal.OwnOps;
import dev.hbar.mlx.internal.QuantizeCalls;
import dev.hbar.mlx.internal.Unary;
import java.util.Optional;

/** Packed weights. Results belong to the scope this was taken from. Owner thread only. */
public final class MlxQuantized {
  private final MlxScope scope;

  MlxQuantized(MlxScope scope) {
    this.scope = scope;
  }

  /**
   * x [..., columns] times the transposed weight: [..., rows]; a stack of weights goes along the
   * third dimension from the end. Scales should have x's dtype, or the result widens. On a CPU,
   * float32 with a weight that {@link #hasCpuKernel} goes to hbar's own kernel.
   */
  public MlxArray quantizedMatmul(MlxArray x, QuantizedWeight weight) {
    if (weight.count() > 1) {
      requireStack(x, weight.count());
    }
    return scope.adopt(FastCalls.quantizedMatmul(x.handle(), weight.handles()));
  }

  /**
   * Whether {@link #quantizedMatmul} with such a weight, alone and not stacked, is faster on this
   * machine's CPU than the product with the unpacked matrix: x and scales are float32 then. True
   * for affine weights of 4 and 8 bits on x86-64 with AVX2, where set-up built libmlxc. Any thread,
   * once MLX is loaded.
   */
  public static boolean hasCpuKernel(int groupSize, int bits, QuantizationMode mode) {
    return mode == QuantizationMode.AFFINE && OwnOps.fits(groupSize, bits);
  }

  private static void requireStack(MlxArray x, int count) {
    int[] shape = x.shape();
    if (shape.length < 3 || shape[shape.length - 3] != count) {
      throw new IllegalArgumentException(
          "a stack of %s matrices takes a third dimension from the end of that size: %s"
              .formatted(count, x));
    }
  }

  /**
   * x [..., 1, M, columns] times the transposed one of a stack of matrices that each index names:
   * [index dimensions, M, rows]. The dimensions of x before its last two broadcast with those of
   * the indices.
   *
   * @param indices uint32 or int32, in [0, count), checked as in {@link MlxOps#take}
   * @param sorted whether equal indices stand together in ascending order, which is faster
   */
  public MlxArray gatherQmm(MlxArray x, QuantizedWeight stack, MlxArray indices, boolean sorted) {
    return scope.adopt(
        QuantizeCalls.gatherQmm(
            x.handle(), stack.handles(), Indices.stacked(indices, stack.weight()), sorted));
  }

  /** The unpacked matrix [..., rows, columns] in {@code dtype}. */
  public MlxArray dequantize(QuantizedWeight weight, DType dtype) {
    return scope.adopt(FastCalls.dequantize(weight.handles(), dtype));
  }

  /**
   * Packs a floating matrix [rows, columns] or a stack of them [count, rows, columns]; columns must
   * be a multiple of the group size.
   */
  public QuantizedWeight quantize(MlxArray weight, int groupSize, int bits, QuantizationMode mode) {
    mode.validate(groupSize, bits);
    if (weight.shape().length < 2 || weight.shape().length > 3 || weight.dim(-1) % groupSize != 0) {
      throw new IllegalArgumentException(
          "cannot cut rows of " + weight + " into groups of " + groupSize);
    }
    ArrayHandle[] parts = QuantizeCalls.quantize(weight.handle(), groupSize, bits, mode.mlxName());
    MlxArray packed = scope.adopt(parts[0]);
    MlxArray scales = scope.adopt(parts[1]);
    Optional<MlxArray> biases =
        parts.length > 2 ? Optional.of(scope.adopt(parts[2])) : Optional.empty();
    return new QuantizedWeight(packed, scales, biases, groupSize, bits, mode);
  }

  /** Numbers as float8 E4M3 codes, uint8. */
  public MlxArray toFp8(MlxArray x) {
    return scope.adopt(Unary.TO_FP8.of(x.handle()));
  }

  /** float8 E4M3 codes as numbers. */
  public MlxArray fromFp8(MlxArray x, DType dtype) {
    return scope.adopt(QuantizeCalls.fromFp8(x.handle(), dtype));
  }
}
