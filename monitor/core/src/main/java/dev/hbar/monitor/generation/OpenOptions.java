package dev.hbar.monitor.generation;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.model.family.RopeReference;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a checkpoint is opened.
 *
 * @param environment names the Hugging Face cache, see {@link System#getenv()}
 * @param dtype of the activations: float16, bfloat16 or float32; empty for the checkpoint's own on
 *     a GPU and float32 on a CPU
 * @param ropeReference whose rope and windows the model computes with
 * @param group of processes that the model is spread over; empty: this one alone
 */
public record OpenOptions(
    Map<String, String> environment,
    Optional<DType> dtype,
    RopeReference ropeReference,
    Optional<MlxGroup> group) {
  private static final Set<DType> ACTIVATIONS =
      EnumSet.of(DType.FLOAT16, DType.BFLOAT16, DType.FLOAT32);

  /** The process's environment, the device's policy, and the model as transformers defines it. */
  public static final OpenOptions DEFAULT =
      new OpenOptions(
          System.getenv(), Optional.empty(), RopeReference.TRANSFORMERS, Optional.empty());

  /** Copies the map; refuses types that no model computes in. */
  public OpenOptions {
    environment = Map.copyOf(environment);
    if (dtype.filter(type -> !ACTIVATIONS.contains(type)).isPresent()) {
      throw new IllegalArgumentException(
          "dtype must be float16, bfloat16 or float32: " + dtype.get());
    }
  }

  /** These, with the cache found by another environment. */
  public OpenOptions withEnvironment(Map<String, String> other) {
    return new OpenOptions(other, dtype, ropeReference, group);
  }

  /** These, with activations of this type. */
  public OpenOptions withDtype(DType type) {
    return new OpenOptions(environment, Optional.of(type), ropeReference, group);
  }

  /** These, with rope and windows computed as this reference does. */
  public OpenOptions withRopeReference(RopeReference reference) {
    return new OpenOptions(environment, dtype, reference, group);
  }

  /**
   * These, with the model spread over a group of processes. All of them must then make the same
   * calls in the same order, with the same seed where tokens are drawn. Where one ends in the
   * middle of a step, MLX may let the others wait for ever: whoever starts them must end them.
   */
  public OpenOptions spreadOver(MlxGroup ranks) {
    return new OpenOptions(environment, dtype, ropeReference, Optional.of(ranks));
  }
}
