package dev.hbar.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.Arrays;

/**
 * The library in this very process: a panic in it ends the process.
 *
 * @param library with its native half loaded
 */
record LibraryCalls(TokenizersLibrary library) implements TokenizerCalls {

  @Override
  public long open(String json) {
    return library.createTokenizerFromString(json);
  }

  @Override
  public int[] encode(long handle, String text, boolean addSpecialTokens) {
    long encoding = library.encode(handle, text, addSpecialTokens);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public String decode(long handle, int[] ids, boolean skipSpecialTokens) {
    return library.decode(handle, Arrays.stream(ids).asLongStream().toArray(), skipSpecialTokens);
  }

  @Override
  public void close(long handle) {
    library.deleteTokenizer(handle);
  }
}
