package dev.hbar.model.tokenizer;

import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongFunction;

/**
 * The tokenizer of a checkpoint, as its tokenizer.json defines it: same ids as the reference
 * implementation in Python. Where there is only a tokenizer.model, the pieces of SentencePiece, or
 * of a tekken.json.
 *
 * <p>A file of a shape that published checkpoints have is handed to the native library in this
 * process. Any other goes to a process of its own, since the library ends its process over faults
 * that it did not foresee: such a fault is then an exception like the others. The system property
 * {@code hbar.tokenizer.inside} decides for all files: true for this process, false for the other.
 *
 * <p>Text is never cut and never padded, whatever the file asks for. A lone surrogate, which no
 * UTF-8 text can hold, is read as U+FFFD. Owner: whoever opened it closes it. Encoding and decoding
 * may run on several threads at once; closing waits for them, and a later call says that it is
 * closed.
 */
public final class Tokenizer implements AutoCloseable {

  /** The file that {@link #open} reads. */
  public static final String FILE_NAME = "tokenizer.json";

  /** More than any context holds; beyond some ten million the library's patterns give up. */
  private static final int MAX_TEXT = 8 << 20;

  private final TokenizerCalls calls;
  private final Path path;
  private final TokenizerFile file;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private long handle;

  private Tokenizer(TokenizerCalls calls, Path path, TokenizerFile file, long handle) {
    this.calls = calls;
    this.path = path;
    this.file = file;
    this.handle = handle;
  }

  /**
   * Opens the tokenizer of a checkpoint folder.
   *
   * @param checkpoint the folder that holds tokenizer.json, or tekken.json or tokenizer.model alone
   * @throws CheckpointException if the file is missing or broken, or the native library cannot be
   *     loaded
   */
  public static Tokenizer open(Path checkpoint) {
    Path path = checkpoint.resolve(FILE_NAME);
    if (exists(path)) {
      // Refuses a link that leads out of the checkpoint.
      CheckpointDirectory.of(checkpoint).require(FILE_NAME);
      return open(path, TokenizerFile.read(path));
    }
    Path pieces = checkpoint.resolve(SentencePieceFile.NAME);
    Path tekken = checkpoint.resolve(TekkenFile.NAME);
    if (exists(tekken)) {
      Path checked = CheckpointDirectory.of(checkpoint).require(TekkenFile.NAME);
      return open(tekken, TokenizerFile.parse(tekken, TekkenFile.json(checked)));
    }
    return exists(pieces)
        ? open(
            pieces,
            TokenizerFile.parse(pieces, SentencePieceFile.json(CheckpointDirectory.of(checkpoint))))
        : open(path, TokenizerFile.read(path));
  }

  /**
   * Opens it as transformers' AutoTokenizer does where it takes only vocabulary and merges from the
   * file: spaces at the beginning count otherwise.
   *
   * @param checkpoint as for {@link #open(Path)}
   * @param classes values of {@code tokenizer_class} that are rebuilt so; others are opened as they
   *     are
   * @throws CheckpointException as {@link #open(Path)} does
   */
  public static Tokenizer openRebuilt(Path checkpoint, Set<String> classes) {
    Path path = checkpoint.resolve(FILE_NAME);
    if (!exists(path)) {
      return open(checkpoint);
    }
    CheckpointDirectory directory = CheckpointDirectory.of(checkpoint);
    TokenizerFile file = TokenizerFile.read(directory.require(FILE_NAME));
    return open(
        path,
        RebuiltTokenizer.json(directory, file, classes)
            .map(text -> TokenizerFile.parse(path, text))
            .orElse(file));
  }

  private static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Tokenizer open(Path path, TokenizerFile file) {
    TokenizerCalls calls = TokenizerLibrary.calls(file.known());
    try {
      return new Tokenizer(calls, path, file, calls.open(file.json()));
    } catch (CheckpointException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CheckpointException(
          "broken tokenizer: %s: %s: fetch the file again".formatted(path, ErrorText.reason(e)));
    }
  }

  /**
   * Loads the native half of the tokenizers library and tells where it lies.
   *
   * @throws CheckpointException if it cannot be loaded
   */
  public static Path nativeLibrary() {
    return TokenizerLibrary.loadedFile();
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
   * @throws CheckpointException if the tokenizer has no token for it, or the text is longer than
   *     {@value #MAX_TEXT} characters
   */
  public int[] encode(String text, boolean addSpecialTokens) {
    if (text.length() > MAX_TEXT) {
      throw new CheckpointException(
          "the text has "
              + text.length()
              + " characters, more than the "
              + MAX_TEXT
              + " that are tokenized at once: shorten it",
          new IllegalArgumentException("too long a text"));
    }
    String clean = withoutLoneSurrogates(text);
    return whileOpen("encode this text", open -> calls.encode(open, clean, addSpecialTokens));
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
    for (int id : ids) {
      if (id < 0) {
        throw new IllegalArgumentException("token id " + id + " is negative");
      }
    }
    return whileOpen("decode these ids", open -> calls.decode(open, ids, skipSpecialTokens));
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

  /**
   * The bytes that an id adds in the middle of a text: a part of a character where the vocabulary
   * has one. Those of a special token are its name in UTF-8; an id without a piece has none.
   */
  public byte[] bytes(int id) {
    String piece = file.pieces().get(id);
    if (piece == null) {
      return new byte[0];
    }
    if (isSpecial(id)) {
      return piece.getBytes(StandardCharsets.UTF_8);
    }
    return switch (file.decoder()) {
      case BYTE_LEVEL -> ByteLevelDecoder.bytes(piece);
      case BYTE_FALLBACK -> fallback(piece);
      case PLAIN -> decode(new int[] {id}, false).getBytes(StandardCharsets.UTF_8);
    };
  }

  /** {@code <0xE2>} is a byte; in other pieces U+2581 stands for a space. */
  private static byte[] fallback(String piece) {
    return piece.matches("<0x[0-9A-F]{2}>")
        ? new byte[] {(byte) Integer.parseInt(piece, 3, 5, 16)}
        : piece.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
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
    lock.writeLock().lock();
    try {
      if (handle != 0) {
        long closing = handle;
        handle = 0;
        calls.close(closing);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The native tokenizer must not be freed while it is read. */
  private <T> T whileOpen(String task, LongFunction<T> work) {
    lock.readLock().lock();
    try {
      if (handle == 0) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return work.apply(handle);
    } catch (IllegalStateException | CheckpointException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new CheckpointException(
          "the tokenizer cannot %s (%s), in %s: complete the file"
              .formatted(task, ErrorText.reason(e), path),
          e);
    } finally {
      lock.readLock().unlock();
    }
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
