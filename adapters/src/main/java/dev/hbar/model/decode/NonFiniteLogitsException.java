package dev.hbar.model.decode;

import dev.hbar.mlx.HbarException;
import java.nio.file.Path;

/** The model computed NaN or infinity. Its tokens and signals would be noise, so none is given. */
public final class NonFiniteLogitsException extends HbarException {
  private static final long serialVersionUID = 1L;

  NonFiniteLogitsException(Path checkpoint, int step, int row) {
    super(
        "non-finite logits at step %s, row %s of %s: its weights hold or lead to NaN or infinity; check them with hbar inspect --weights, or fetch the checkpoint again"
            .formatted(step, row, checkpoint));
  }
}
