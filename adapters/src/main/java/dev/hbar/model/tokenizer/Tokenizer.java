package dev.hbar.model.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokenizer of a checkpoint, as its tokenizer.json defines it: same ids as the reference
 * implementation in Python.
 *
 * <p>Text is never cut and never padded, whatever the file asks for. A lone surrogate, which no
 * UTF-8 text can hold, is read as U+FFFD. Owner: whoever opened it closes it. Encoding and decoding
 * may run on several threads at once; closing must not race with them.
 */
public final class Tokenizer implements AutoCloseable {

  /** The file that {@link #open} reads. */
  public static final String FILE_NAME = "tokenizer.json";

  private final TokenizersLibrary library;
  private final TokenizerFile file;
  private long handle;

  private Tokenizer(TokenizersLibrary library, TokenizerFile file, long handle) {
    this.library = library;
    this.file = file;
    this.handle = handle;
  }

  /**
   * Opens the tokenizer of a checkpoint folder.
   *
   * @param checkpoint the folder that holds tokenizer.json
   * @throws CheckpointException if the file is missing or broken, or the native library cannot be
   *     loaded
   */
  public static Tokenizer open(Path checkpoint) {
    Path path = checkpoint.resolve(FILE_NAME);
    TokenizerFile file = TokenizerFile.read(path);
    TokenizersLibrary library = TokenizerLibrary.load();
    try {
      return new Tokenizer(library, file, library.createTokenizerFromString(file.json()));
    } catch (RuntimeException e) {
      throw new CheckpointException(
          "broken tokenizer: %s: %s: fetch the file again".formatted(path, OneLine.of(e)));
    }
  }

  /**
   * Loads the native half of the tokenizers library and tells where it lies.
   *
   * @throws CheckpointException if it cannot be loaded
   */
  public static Path nativeLibrary() {
    return TokenizerLibrary.file();
  }

  /** Encodes text with the special tokens that the tokenizer itself adds, such as a BOS token. */
  public int[] encode(String text) {
    return encode(text, true);
  }

  /**
   * Encodes text.
   *
   * @param text any text, also empty
   * @param addSpecialTokens whether the tokenizer adds its own special tokens; false for text out
   *     of a {@link ChatTemplate}, which holds them already
   * @return token ids, each below {@link #vocabularySize()}
   */
  public int[] encode(String text, boolean addSpecialTokens) {
    long encoding = library.encode(openHandle(), withoutLoneSurrogates(text), addSpecialTokens);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /** Decodes ids without special tokens. */
  public String decode(int[] ids) {
    return decode(ids, true);
  }

  /**
   * Decodes ids. An id that no piece has is left out: models have more rows than the tokenizer has
   * pieces.
   *
   * @param skipSpecialTokens whether special tokens are left out of the text
   */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    long[] wide = Arrays.stream(ids).asLongStream().toArray();
    for (long id : wide) {
      if (id < 0) {
        throw new IllegalArgumentException("token id %d is negative".formatted(id));
      }
    }
    return library.decode(openHandle(), wide, skipSpecialTokens);
  }

  /** A decoder for ids that arrive one by one, without special tokens. */
  public StreamingDecoder streamingDecoder() {
    return StreamingDecoder.of(this, file);
  }

  /** One more than the highest id, added tokens included. */
  public int vocabularySize() {
    return file.pieces().keySet().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
  }

  /** The piece of an id in the tokenizer's own spelling, or empty for an id without one. */
  public Optional<String> piece(int id) {
    return Optional.ofNullable(file.pieces().get(id));
  }

  /** The id of a piece in the tokenizer's own spelling. */
  public OptionalInt id(String piece) {
    Integer id = file.ids().get(piece);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Whether the id is that of a special token. */
  public boolean isSpecial(int id) {
    return file.specialIds().contains(id);
  }

  /** Frees the native tokenizer; closing again does nothing. */
  @Override
  public void close() {
    if (handle != 0) {
      long closing = handle;
      handle = 0;
      library.deleteTokenizer(closing);
    }
  }

  private long openHandle() {
    if (handle == 0) {
      throw new IllegalStateException("the tokenizer is closed");
    }
    return handle;
  }

  private static String withoutLoneSurrogates(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c ->
                clean.appendCodePoint(
                    c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c));
    return clean.toString();
  }
}
