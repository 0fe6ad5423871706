package dev.hbar.model.tokenizer;

import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer.model of SentencePiece: its protocol buffer, as far as pieces, ids and the treatment
 * of text are concerned.
 *
 * @param pieces in the order of their ids
 * @param trainer numbers of {@code trainer_spec} by field
 * @param normalizer numbers of {@code normalizer_spec} by field
 * @param charsMap the compiled normalization, empty for none
 */
record SentencePieceModel(
    List<Piece> pieces,
    Map<Integer, Long> trainer,
    Map<Integer, Long> normalizer,
    byte[] charsMap) {

  /** What a piece is for. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** A piece of the vocabulary. */
  record Piece(String text, float score, Kind kind) {}

  /** The largest published one has 4 MB. */
  private static final int MAX_BYTES = 64 << 20;

  /** Every way to part a piece in two is looked at. */
  private static final int LONGEST_PIECE = 512;

  private static final int MODEL_TYPE = 3;
  private static final int WHITESPACE_AS_SUFFIX = 24;
  private static final int BYTE_FALLBACK = 35;
  private static final int UNKNOWN_ID = 40;
  private static final int BEGIN_ID = 41;
  private static final int END_ID = 42;
  private static final int DUMMY_PREFIX = 3;
  private static final int EXTRA_WHITESPACE = 4;
  private static final int ESCAPED_WHITESPACE = 5;
  private static final int UNIGRAM = 1;
  private static final int BPE = 2;

  /**
   * Reads and checks the file.
   *
   * @throws CheckpointException if it is no such file, or of a kind that is not known
   */
  static SentencePieceModel read(Path file) {
    try {
      SentencePieceModel model = parse(ByteBuffer.wrap(RegularFile.bytes(file, MAX_BYTES)));
      model.check(file);
      return model;
    } catch (IOException | IllegalArgumentException | java.nio.BufferUnderflowException e) {
      throw broken(file, "not a model of SentencePiece");
    }
  }

  /** A BPE model with bytes whose texts are taken as they are. */
  static SentencePieceModel pairs(
      List<Piece> pieces, Map<String, Integer> special, boolean spacePrefix) {
    return new SentencePieceModel(
        pieces,
        Map.of(
            MODEL_TYPE,
            (long) BPE,
            BYTE_FALLBACK,
            1L,
            UNKNOWN_ID,
            (long) special.getOrDefault("unk", 0),
            BEGIN_ID,
            (long) special.getOrDefault("bos", -1),
            END_ID,
            (long) special.getOrDefault("eos", -1)),
        Map.of(DUMMY_PREFIX, spacePrefix ? 1L : 0L, EXTRA_WHITESPACE, 0L),
        new byte[0]);
  }

  private void check(Path file) {
    if (unknownId() < 0
        || unknownId() >= pieces.size()
        || pieces.get(unknownId()).kind() != Kind.UNKNOWN) {
      throw broken(file, "the unknown piece is missing");
    }
    long type = number(trainer, MODEL_TYPE, UNIGRAM);
    if (type != UNIGRAM && type != BPE) {
      throw broken(file, "model_type is %s, known are 1 (unigram) and 2 (BPE)".formatted(type));
    }
    if (number(trainer, WHITESPACE_AS_SUFFIX, 0) != 0
        || number(normalizer, ESCAPED_WHITESPACE, 1) == 0) {
      throw broken(file, "whitespace is treated in a way that is not known");
    }
    if (pieces.stream().anyMatch(piece -> piece.text().length() > LONGEST_PIECE)) {
      throw broken(file, "a piece has more than %s characters".formatted(LONGEST_PIECE));
    }
    if (pieces.stream().anyMatch(piece -> piece.kind() == Kind.UNUSED)) {
      throw broken(file, "it has unused pieces, which are not known");
    }
  }

  boolean unigram() {
    return number(trainer, MODEL_TYPE, UNIGRAM) == UNIGRAM;
  }

  boolean byteFallback() {
    return number(trainer, BYTE_FALLBACK, 0) != 0;
  }

  int unknownId() {
    return (int) number(trainer, UNKNOWN_ID, 0);
  }

  /** Of the token that begins a text; negative for none. */
  int beginId() {
    return (int) number(trainer, BEGIN_ID, 1);
  }

  /** Of the token that ends a text; negative for none. */
  int endId() {
    return (int) number(trainer, END_ID, 2);
  }

  boolean dummyPrefix() {
    return number(normalizer, DUMMY_PREFIX, 1) != 0;
  }

  boolean removesExtraWhitespace() {
    return number(normalizer, EXTRA_WHITESPACE, 1) != 0;
  }

  private static long number(Map<Integer, Long> fields, int field, long otherwise) {
    return fields.getOrDefault(field, otherwise);
  }

  private static SentencePieceModel parse(ByteBuffer bytes) {
    List<Piece> pieces = new ArrayList<>();
    Map<Integer, Long> trainer = new HashMap<>();
    Map<Integer, Long> normalizer = new HashMap<>();
    Map<Integer, ByteBuffer> texts = new HashMap<>();
    while (bytes.hasRemaining()) {
      long tag = varint(bytes);
      switch ((int) tag) {
        case 1 << 3 | 2 -> pieces.add(piece(part(bytes)));
        case 2 << 3 | 2 -> fields(part(bytes), trainer, new HashMap<>());
        case 3 << 3 | 2 -> fields(part(bytes), normalizer, texts);
        default -> skip(bytes, tag);
      }
    }
    ByteBuffer map = texts.getOrDefault(2, ByteBuffer.allocate(0));
    byte[] charsMap = new byte[map.remaining()];
    map.get(charsMap);
    return new SentencePieceModel(List.copyOf(pieces), trainer, normalizer, charsMap);
  }

  private static Piece piece(ByteBuffer bytes) {
    Map<Integer, Long> numbers = new HashMap<>();
    Map<Integer, ByteBuffer> texts = new HashMap<>();
    fields(bytes, numbers, texts);
    String text =
        StandardCharsets.UTF_8.decode(texts.getOrDefault(1, ByteBuffer.allocate(0))).toString();
    int kind = (int) number(numbers, 3, 1);
    if (kind < 1 || kind > Kind.values().length) {
      throw new IllegalArgumentException("kind " + kind);
    }
    float score = Float.intBitsToFloat((int) number(numbers, 2, 0));
    return new Piece(text, score, Kind.values()[kind - 1]);
  }

  /** The fields of one message: numbers (floats as their bits), and texts or bytes. */
  private static void fields(
      ByteBuffer bytes, Map<Integer, Long> numbers, Map<Integer, ByteBuffer> texts) {
    while (bytes.hasRemaining()) {
      long tag = varint(bytes);
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> numbers.put(field, varint(bytes));
        case 2 -> texts.put(field, part(bytes));
        case 5 -> numbers.put(field, (long) bytes.getInt());
        default -> skip(bytes, tag);
      }
    }
  }

  private static void skip(ByteBuffer bytes, long tag) {
    switch ((int) (tag & 7)) {
      case 0 -> varint(bytes);
      case 1 -> bytes.getLong();
      case 2 -> part(bytes);
      case 5 -> bytes.getInt();
      default -> throw new IllegalArgumentException("wire type " + (tag & 7));
    }
  }

  private static ByteBuffer part(ByteBuffer bytes) {
    long size = varint(bytes);
    if (size < 0 || size > bytes.remaining()) {
      throw new IllegalArgumentException("size " + size);
    }
    ByteBuffer part = bytes.slice(bytes.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) size);
    return part;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("number too long");
  }

  private static CheckpointException broken(Path file, String what) {
    return new CheckpointException(
        "broken tokenizer: %s: %s: fetch tokenizer.json of the model beside it"
            .formatted(file, what));
  }
}
