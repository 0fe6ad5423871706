package dev.hbar.family;

import dev.hbar.attention.MaskChoice;
import dev.hbar.layer.Sdpa;

/** How a checkpoint is loaded. */
public record LoadOptions(Compute compute, MaskChoice masks) {
  /** The attention of these options: MLX's fused one unless the choice is free and it is slower. */
  public Sdpa sdpa() {
    return masks == MaskChoice.AUTO && compute.isDenseFloat32() ? Sdpa.COMPOSED : Sdpa.FUSED;
  }

  /** The masks that this attention takes. */
  MaskChoice effectiveMasks() {
    return sdpa() == Sdpa.COMPOSED ? MaskChoice.ADDITIVE : masks;
  }
}
