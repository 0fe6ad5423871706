package dev.hbar.model.tokenizer;

/**
 * UTF-8 decoding that accepts its bytes in any portions; each maximal ill-formed part becomes one
 * U+FFFD.
 *
 * <p>The JDK's decoder differs in one case (it makes one replacement of an encoded surrogate, where
 * the standard practice and the tokenizers library make three), so the state machine of the WHATWG
 * encoding standard is written out here.
 */
final class Utf8Stream {

  private static final char REPLACEMENT = '\uFFFD';

  private final StringBuilder out = new StringBuilder();
  private int codePoint;
  private int needed;
  private int lower = 0x80;
  private int upper = 0xBF;

  /** Takes the next byte. */
  void add(byte next) {
    int value = next & 0xFF;
    if (needed > 0 && (value < lower || value > upper)) {
      out.append(REPLACEMENT);
      needed = 0;
    }
    if (needed > 0) {
      proceed(value);
    } else {
      start(value);
    }
  }

  /** The characters that became complete since the last call. */
  String take() {
    String text = out.toString();
    out.setLength(0);
    return text;
  }

  /** Ends the text: a character still incomplete becomes U+FFFD, and the stream starts anew. */
  void finish() {
    if (needed > 0) {
      out.append(REPLACEMENT);
      needed = 0;
    }
  }

  private void proceed(int value) {
    lower = 0x80;
    upper = 0xBF;
    codePoint = codePoint << 6 | value & 0x3F;
    needed--;
    if (needed == 0) {
      out.appendCodePoint(codePoint);
    }
  }

  private void start(int value) {
    lower = value == 0xE0 ? 0xA0 : value == 0xF0 ? 0x90 : 0x80;
    upper = value == 0xED ? 0x9F : value == 0xF4 ? 0x8F : 0xBF;
    if (value < 0x80) {
      out.append((char) value);
    } else if (value >= 0xC2 && value <= 0xDF) {
      expect(1, value & 0x1F);
    } else if (value >= 0xE0 && value <= 0xEF) {
      expect(2, value & 0x0F);
    } else if (value >= 0xF0 && value <= 0xF4) {
      expect(3, value & 0x07);
    } else {
      out.append(REPLACEMENT);
    }
  }

  private void expect(int continuations, int bits) {
    needed = continuations;
    codePoint = bits;
  }
}
