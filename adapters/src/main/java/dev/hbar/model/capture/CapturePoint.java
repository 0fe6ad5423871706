package dev.hbar.model.capture;

import java.util.Optional;

/**
 * A named place in the model. A raw block output and a normed state are different kinds, so they
 * cannot be mixed up by accident: several libraries return the normed one as the "last hidden
 * state".
 */
public sealed interface CapturePoint {
  /** The token embedding, before the first block. */
  record Embedding() implements CapturePoint {}

  /** A place inside block {@code index} (0-based). */
  record InBlock(int index, BlockPart part) implements CapturePoint {}

  /** The residual stream after block {@code index} (0-based), before the final norm. */
  record BlockOutput(int index) implements CapturePoint {}

  /** The state after the final norm, the head's input. */
  record FinalNorm() implements CapturePoint {}

  /** The head's answer, float32 [B, T, vocabulary]. */
  record Logits() implements CapturePoint {}

  /** The name in files and on the command line, for example {@code block.3.q_rope}. */
  default String label() {
    return switch (this) {
      case Embedding point -> "embedding";
      case InBlock point -> "block." + point.index() + "." + point.part().label();
      case BlockOutput point -> "block." + point.index() + ".output";
      case FinalNorm point -> "final_norm";
      case Logits point -> "logits";
    };
  }

  /** The block that it lies in, if it does. */
  default Optional<Integer> block() {
    return switch (this) {
      case InBlock point -> Optional.of(point.index());
      case BlockOutput point -> Optional.of(point.index());
      case Embedding point -> Optional.empty();
      case FinalNorm point -> Optional.empty();
      case Logits point -> Optional.empty();
    };
  }

  /** Which axis counts the positions. */
  default int positionAxis() {
    return this instanceof InBlock point ? point.part().positionAxis() : 1;
  }
}
