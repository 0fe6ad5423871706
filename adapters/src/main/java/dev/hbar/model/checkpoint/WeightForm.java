package dev.hbar.model.checkpoint;

import dev.hbar.mlx.MlxQuantized;

/** The form of the weight matrices in memory. */
public enum WeightForm {
  /** Multiplied as stored. Right on a GPU. */
  PACKED,
  /**
   * Unpacked once at load, to float32 whatever the activations are. MLX's packed CPU kernels are 2
   * to 30 times slower than BLAS on x86 and accumulate in the activations' type: 8192 ones sum to
   * 256 in bfloat16.
   */
  DENSE,
  /**
   * For float32 activations on a CPU: as stored where hbar's own kernel multiplies them ({@link
   * MlxQuantized#hasCpuKernel}), else as {@link #DENSE}.
   */
  MIXED,
  /**
   * As {@link #MIXED}, but the experts of a mixture stay as stored: for a CPU whose memory does not
   * hold all of them unpacked.
   */
  LEAN;

  /** Whether activations have to be float32. */
  public boolean isForFloat32() {
    return this == MIXED || this == LEAN;
  }

  /** Whether a matrix of that packing stays packed. */
  boolean keeps(Quantization packing) {
    return this == PACKED
        || isForFloat32()
            && MlxQuantized.hasCpuKernel(packing.groupSize(), packing.bits(), packing.mode());
  }

  /** Whether a stack of matrices stays packed. */
  boolean keepsStacks() {
    return this == PACKED || this == LEAN;
  }
}
