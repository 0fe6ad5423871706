package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.model.layer.Silu;
import java.util.Locale;

/**
 * What the model computes with: packed or dense weights, in which type. Printed at start,
 * overridable.
 *
 * @param weights whether quantized layers stay packed
 * @param dtype of the activations
 */
public record Compute(Weights weights, DType dtype) {
  /** The form of the weight matrices. */
  public enum Weights {
    /** Multiplied as stored. Right on a GPU. */
    PACKED,
    /**
     * Unpacked once at load, to float32 whatever the activations are. MLX's packed CPU kernels are
     * 2 to 30 times slower than BLAS on x86 and accumulate in the activations' type: 8192 ones sum
     * to 256 in bfloat16.
     */
    DENSE
  }

  /** Packed weights in the checkpoint's own type on a GPU, dense float32 on a CPU. */
  public static Compute choose(Device device, DType checkpointDtype) {
    return device == Device.GPU
        ? new Compute(Weights.PACKED, checkpointDtype)
        : new Compute(Weights.DENSE, DType.FLOAT32);
  }

  /** How this policy computes silu. */
  public Silu silu() {
    return isDenseFloat32() ? Silu.POWER : Silu.SIGMOID;
  }

  /** The policy of a CPU, where the exponential is dear and BLAS is fast. */
  boolean isDenseFloat32() {
    return weights == Weights.DENSE && dtype == DType.FLOAT32;
  }

  /** The same weights policy in another type. */
  public Compute in(DType other) {
    return new Compute(weights, other);
  }

  @Override
  public String toString() {
    return weights.name().toLowerCase(Locale.ROOT)
        + " weights, "
        + dtype.name().toLowerCase(Locale.ROOT);
  }
}
