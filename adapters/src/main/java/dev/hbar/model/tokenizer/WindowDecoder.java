package dev.hbar.model.tokenizer;

import java.util.Arrays;

/**
 * Streaming for the other vocabularies: decodes a token beside its left neighbour and emits what it
 * added.
 *
 * <p>The neighbour keeps the space that a decoder strips only at the start of a text. Byte pieces
 * ({@code <0xE2>}) are held until their run ends, because the run as a whole decides whether it is
 * valid UTF-8.
 */
final class WindowDecoder implements StreamingDecoder {

  private final Tokenizer tokenizer;
  private int[] window = new int[16];
  private int size;

  /** How many ids at the start of the window are emitted already: 0 before the first, then 1. */
  private int emitted;

  WindowDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public String add(int id) {
    if (tokenizer.isSpecial(id) || tokenizer.piece(id).isEmpty()) {
      return "";
    }
    if (size == window.length) {
      window = Arrays.copyOf(window, size * 2);
    }
    window[size++] = id;
    return isByte(id) ? "" : emit(id);
  }

  @Override
  public String finish() {
    if (size == emitted) {
      return "";
    }
    String rest = added();
    size = 0;
    emitted = 0;
    return rest;
  }

  private String emit(int last) {
    String text = added();
    window[0] = last;
    size = 1;
    emitted = 1;
    return text;
  }

  private String added() {
    String known = tokenizer.decode(Arrays.copyOf(window, emitted));
    return tokenizer.decode(Arrays.copyOf(window, size)).substring(known.length());
  }

  private boolean isByte(int id) {
    String piece = tokenizer.piece(id).orElse("");
    return piece.length() == 6 && piece.startsWith("<0x") && piece.endsWith(">");
  }
}
