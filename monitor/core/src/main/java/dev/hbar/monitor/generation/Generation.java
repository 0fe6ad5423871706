package dev.hbar.monitor.generation;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Text that grows token by token as it is asked for, every token measured in the evaluation that
 * chooses it: alone ({@link GenerationModel#start}), or sharing each step with others ({@link
 * GenerationBatch#start}).
 *
 * <p>One thread at a time asks for tokens; any thread may {@link #cancel}. When it has ended, or is
 * closed, everything it made in MLX is free.
 */
public sealed interface Generation extends AutoCloseable
    permits SingleGeneration, BatchedGeneration {
  /**
   * Waits for the next token of the text.
   *
   * @return empty when the text has ended; {@link #result} says why
   * @throws GenerationException.Interrupted if the calling thread was interrupted, whose flag stays
   *     set; within one step, prefill included
   * @throws GenerationException.ModelClosed if the model was closed
   * @throws dev.hbar.monitor.signal.TokenSignals.NonFiniteException if a signal is not a number
   * @throws dev.hbar.model.decode.NonFiniteLogitsException if the model computed NaN or infinity
   */
  default Optional<GeneratedToken> next() {
    return next(() -> true);
  }

  /**
   * The same for a caller that may lose interest.
   *
   * @param isWaiting asked before each piece of the prompt and before each token, or every second;
   *     false ends the text as {@link #cancel} does
   */
  Optional<GeneratedToken> next(BooleanSupplier isWaiting);

  /** Ends the text after the step that is being computed. Any thread. */
  void cancel();

  /** Tokens of the prompt that were computed before, for a text that began alike. */
  int reusedTokens();

  /** Whether the text has ended and all its tokens were handed out. */
  boolean isEnded();

  /**
   * The finished text; a cancelled one holds what there was.
   *
   * @throws IllegalStateException if the text has not ended
   */
  GenerationResult result();

  /**
   * Frees what is computed with. A text that has not ended ends here, as {@link #cancel} ends it:
   * what there was of it stays. Idempotent.
   */
  @Override
  void close();

  /**
   * Hands every token to a listener until the text ends, and closes.
   *
   * @param listener called on this thread, never after this call has returned or thrown
   */
  default GenerationResult run(TokenListener listener) {
    try (this) {
      Optional<GeneratedToken> token = next(listener::isWaiting);
      while (token.isPresent()) {
        if (!listener.accept(token.get())) {
          cancel();
        }
        token = next(listener::isWaiting);
      }
      return result();
    }
  }
}
