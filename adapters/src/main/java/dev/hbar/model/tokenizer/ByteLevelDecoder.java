package dev.hbar.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Streaming for byte-level vocabularies: each piece spells its bytes alone, so only UTF-8 needs to
 * be held back.
 */
final class ByteLevelDecoder implements StreamingDecoder {

  private static final Map<Character, Byte> BYTES = alphabet();
  private static final char[] LETTERS = letters();

  private final TokenizerFile file;
  private final Utf8Stream text = new Utf8Stream();

  ByteLevelDecoder(TokenizerFile file) {
    this.file = file;
  }

  @Override
  public String add(int id) {
    String piece = file.pieces().get(id);
    if (piece == null || file.specialIds().contains(id)) {
      return "";
    }
    for (byte value : bytes(piece)) {
      text.add(value);
    }
    return text.take();
  }

  @Override
  public String finish() {
    text.finish();
    return text.take();
  }

  /**
   * A piece with a character outside the alphabet is an added token: its text stands for itself.
   */
  static byte[] bytes(String piece) {
    byte[] bytes = new byte[piece.length()];
    for (int i = 0; i < bytes.length; i++) {
      Byte value = BYTES.get(piece.charAt(i));
      if (value == null) {
        return piece.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = value;
    }
    return bytes;
  }

  /** The piece that stands for these bytes. */
  static String piece(byte[] bytes) {
    StringBuilder piece = new StringBuilder(bytes.length);
    for (byte value : bytes) {
      piece.append(LETTERS[value & 0xFF]);
    }
    return piece.toString();
  }

  private static char[] letters() {
    char[] letters = new char[256];
    BYTES.forEach((letter, value) -> letters[value & 0xFF] = letter);
    return letters;
  }

  /**
   * GPT-2's alphabet: printable Latin-1 stands for itself, the other bytes for U+0100 and up, in
   * order.
   */
  private static Map<Character, Byte> alphabet() {
    Map<Character, Byte> bytes = new HashMap<>();
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
      bytes.put(printable ? (char) b : next++, (byte) b);
    }
    return Map.copyOf(bytes);
  }
}
