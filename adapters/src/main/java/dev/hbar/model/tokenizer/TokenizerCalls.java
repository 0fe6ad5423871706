package dev.hbar.model.tokenizer;

/** What is asked of the native tokenizers library. A fault it reports is a RuntimeException. */
sealed interface TokenizerCalls permits LibraryCalls, WorkerCalls {

  /** Makes a tokenizer of the text of a tokenizer.json and returns its handle. */
  long open(String json);

  /** The ids of a text. */
  int[] encode(long handle, String text, boolean addSpecialTokens);

  /** The text of ids. */
  String decode(long handle, int[] ids, boolean skipSpecialTokens);

  /** Frees a tokenizer; its handle is not used again. */
  void close(long handle);
}
