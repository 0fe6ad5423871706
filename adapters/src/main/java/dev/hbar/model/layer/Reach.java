package dev.hbar.model.layer;

/**
 * Which of the tokens before it a query sees, itself included.
 *
 * @param size the last so many, or {@link #ALL}'s
 * @param chunked only those of its own chunk: positions are cut into chunks of {@code size}
 */
record Reach(int size, boolean chunked) {
  /** Everything before it. */
  static final Reach ALL = new Reach(Integer.MAX_VALUE, false);

  static Reach window(int size) {
    return new Reach(size, false);
  }

  static Reach of(StateKind.KeysAndValues kind) {
    return kind.window().isPresent() ? new Reach(kind.window().getAsInt(), kind.chunked()) : ALL;
  }

  /** Whether a query at {@code position} sees the token at {@code other}. */
  boolean sees(int position, int other) {
    return other <= position
        && (chunked ? other / size == position / size : position - other < size);
  }

  /** Of {@code tokens} tokens, how many the next one sees. */
  int seen(int tokens) {
    return chunked ? tokens % size : Math.min(tokens, size - 1);
  }
}
