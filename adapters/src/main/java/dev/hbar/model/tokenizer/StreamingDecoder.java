package dev.hbar.model.tokenizer;

/**
 * Turns token ids into text while they arrive, emitting only what later tokens cannot change.
 *
 * <p>The concatenation of everything returned, {@link #finish()} included, equals {@link
 * Tokenizer#decode(int[])} of all ids. Total work is linear in the number of tokens. Belongs to one
 * thread and one text; the tokenizer stays open as long.
 */
public sealed interface StreamingDecoder permits ByteLevelDecoder, WindowDecoder {

  /**
   * Takes the next token.
   *
   * @return the text that became certain, often empty while a character is incomplete
   */
  String add(int id);

  /** Ends the text and returns what was held back; an incomplete character becomes U+FFFD. */
  String finish();

  /** The decoder that fits the tokenizer's own. */
  static StreamingDecoder of(Tokenizer tokenizer, TokenizerFile file) {
    return switch (file.decoder()) {
      case BYTE_LEVEL -> new ByteLevelDecoder(file);
      case BYTE_FALLBACK, PLAIN -> new WindowDecoder(tokenizer);
    };
  }
}
