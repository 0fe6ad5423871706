package dev.hbar.layer;

/**
 * How long one sequence is, for the ropes whose frequencies depend on it. Known before its first
 * token goes in, so that chunks of a prompt turn as the whole prompt does.
 *
 * @param soFar tokens up to and with this pass; the prompt counts whole from its first chunk on
 * @param planned the most tokens that the run will feed, decided once
 */
public record SequenceLength(int soFar, int planned) {
  /** A prompt and what may follow it; the last new token is never fed. */
  public static SequenceLength of(int promptTokens, int newTokens) {
    return new SequenceLength(promptTokens, promptTokens + Math.max(0, newTokens - 1));
  }

  /** The same sequence when it holds {@code tokens}. */
  public SequenceLength at(int tokens) {
    return tokens <= soFar ? this : new SequenceLength(tokens, planned);
  }
}
