package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.MlxFast;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.layer.Activation;
import dev.hbar.model.layer.CpuGate;
import dev.hbar.model.layer.PlainActivation;
import dev.hbar.model.layer.Silu;
import java.util.Locale;

/**
 * What the model computes with: in which form the weights are, in which type the activations.
 * Printed at start, overridable.
 *
 * @param weights whether quantized layers stay packed
 * @param dtype of the activations
 */
public record Compute(WeightForm weights, DType dtype) {
  /** Refuses a form that is for float32 activations with others. */
  public Compute {
    if (weights.isForFloat32() && dtype != DType.FLOAT32) {
      throw new IllegalArgumentException(weights + " weights are for float32, not for " + dtype);
    }
  }

  /** Packed weights in the checkpoint's own type on a GPU, float32 on a CPU. */
  public static Compute choose(Device device, DType checkpointDtype) {
    return device == Device.GPU
        ? new Compute(WeightForm.PACKED, checkpointDtype)
        : new Compute(WeightForm.MIXED, DType.FLOAT32);
  }

  /** The same with the experts of a mixture as they are stored, where the others are unpacked. */
  Compute lean() {
    return weights == WeightForm.MIXED ? new Compute(WeightForm.LEAN, dtype) : this;
  }

  /** How this policy computes silu. */
  public Activation silu() {
    if (hasCpuKernels()) {
      return CpuGate.SILU;
    }
    return isOnCpu() ? Silu.POWER : Silu.SIGMOID;
  }

  /** How this policy computes gelu in its tanh form. */
  Activation geluTanh() {
    return hasCpuKernels() ? CpuGate.GELU_TANH : PlainActivation.GELU_TANH;
  }

  /** Whether norms, rope, attention and gates are single operations though they run on a CPU. */
  boolean hasCpuKernels() {
    return isOnCpu() && MlxFast.hasCpuKernels();
  }

  /** The policy of a CPU, where the exponential is dear and BLAS is fast. */
  boolean isOnCpu() {
    return weights != WeightForm.PACKED && dtype == DType.FLOAT32;
  }

  /** The same weights policy in another type. */
  public Compute in(DType other) {
    boolean kernel = weights != WeightForm.DENSE && other == DType.FLOAT32;
    return new Compute(weights == WeightForm.PACKED || kernel ? weights : WeightForm.DENSE, other);
  }

  @Override
  public String toString() {
    return weights.name().toLowerCase(Locale.ROOT)
        + " weights, "
        + dtype.name().toLowerCase(Locale.ROOT);
  }
}
