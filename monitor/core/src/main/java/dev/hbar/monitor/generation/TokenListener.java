package dev.hbar.monitor.generation;

/** Receives tokens while they are generated. */
@FunctionalInterface
public interface TokenListener {
  /**
   * Takes the next token of the text, on the thread that asked for it.
   *
   * @return true to go on, false to stop after this token
   */
  boolean accept(GeneratedToken token);

  /** Asked before each piece of a long prompt and before each token; false stops at once. */
  default boolean isWaiting() {
    return true;
  }

  /** Listens to nothing and never stops. */
  TokenListener NONE = token -> true;
}
