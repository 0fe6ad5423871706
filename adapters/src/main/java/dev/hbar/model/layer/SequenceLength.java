package dev.hbar.model.layer;

/**
 * How long one sequence is, for the ropes whose frequencies depend on it.
 *
 * @param tokens up to and with this pass; the prompt counts whole from its first chunk on, so that
 *     chunks of a prompt turn as the whole prompt does
 */
public record SequenceLength(int tokens) {
  /** The same sequence when it holds {@code count} tokens. */
  public SequenceLength at(int count) {
    return count <= tokens ? this : new SequenceLength(count);
  }
}
