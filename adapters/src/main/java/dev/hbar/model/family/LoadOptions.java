package dev.hbar.model.family;

import dev.hbar.mlx.Mlx;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.Sdpa;
import java.util.Locale;

/** How a checkpoint is loaded. */
public record LoadOptions(Compute compute, MaskChoice masks, RopeReference ropeReference) {
  /** By the model's own definition. */
  public LoadOptions(Compute compute, MaskChoice masks) {
    this(compute, masks, RopeReference.TRANSFORMERS);
  }

  /** The attention of these options: MLX's fused one unless the choice is free and it is slower. */
  public Sdpa sdpa() {
    boolean slow = compute.isOnCpu() && !compute.hasCpuKernels();
    return masks == MaskChoice.AUTO && slow ? Sdpa.COMPOSED : Sdpa.FUSED;
  }

  /** The masks that this attention takes. */
  MaskChoice effectiveMasks() {
    return sdpa() == Sdpa.COMPOSED ? MaskChoice.ADDITIVE : masks;
  }

  /** Device and policy in words, for instance {@code cpu, mixed weights, float32}. */
  public String words() {
    String words = Mlx.device().name().toLowerCase(Locale.ROOT) + ", " + compute;
    return ropeReference == RopeReference.TRANSFORMERS
        ? words
        : words + ", rope of " + ropeReference;
  }
}
