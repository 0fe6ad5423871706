package dev.hbar.monitor.generation;

/** Receives tokens while they are generated. */
@FunctionalInterface
public interface TokenListener {
  /**
   * Takes the next token of the text. Called on MLX's thread, which waits: be quick, and do not
   * close the model here.
   *
   * @return true to go on, false to stop after this token
   */
  boolean accept(GeneratedToken token);

  /** Listens to nothing and never stops. */
  TokenListener NONE = token -> true;
}
