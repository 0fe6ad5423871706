package dev.hbar.capture;

/**
 * A named place in the model. A raw block output and a normed state are different kinds, so they
 * cannot be mixed up by accident: several libraries return the normed one as the "last hidden
 * state".
 */
public sealed interface CapturePoint {
  /** The token embedding, before the first block. */
  record Embedding() implements CapturePoint {}

  /** The residual stream after block {@code index} (0-based), before the final norm. */
  record BlockOutput(int index) implements CapturePoint {}

  /** The state after the final norm, the head's input. */
  record FinalNorm() implements CapturePoint {}
}
