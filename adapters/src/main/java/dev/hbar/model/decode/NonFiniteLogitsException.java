package dev.hbar.model.decode;

import dev.hbar.mlx.HbarException;

/** The model computed NaN or infinity. Its tokens and signals would be noise, so none is given. */
public final class NonFiniteLogitsException extends HbarException {
  private static final long serialVersionUID = 1L;

  NonFiniteLogitsException(int step, int row) {
    super(
        "non-finite logits at step %s, row %s: the weights or the dtype are broken"
            .formatted(step, row));
  }
}
