package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;

/**
 * Checks the compiled replacement table of a SentencePiece model: the native library follows its
 * indices without looking.
 *
 * <p>The table is a size in bytes, that many bytes of a double-array trie in little-endian words,
 * and the replacements, each ended by a zero byte.
 */
final class CharsMap {

  private CharsMap() {}

  /**
   * Refuses a table that an index leads out of.
   *
   * @param field its place, for the message
   * @throws IllegalArgumentException naming the field
   */
  static void check(String field, JsonNode value) {
    byte[] table = decoded(field, value);
    int words = table.length < Integer.BYTES ? -1 : words(table);
    if (words < 1) {
      throw fault(field);
    }
    int[] trie = new int[words];
    ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).position(4).asIntBuffer().get(trie);
    int start = Integer.BYTES * (words + 1);
    byte[] replacements = Arrays.copyOfRange(table, start, table.length);
    requireUtf8(field, replacements);
    walk(field, trie, replacements);
  }

  private static byte[] decoded(String field, JsonNode value) {
    try {
      return Base64.getDecoder().decode(value.isTextual() ? value.asText() : "");
    } catch (IllegalArgumentException e) {
      throw ComponentShapes.fault(field, "precompiled_charsmap is not base64");
    }
  }

  private static int words(byte[] table) {
    int bytes = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).getInt();
    boolean fits = bytes >= 0 && bytes % Integer.BYTES == 0 && bytes <= table.length - 4;
    return fits ? bytes / Integer.BYTES : -1;
  }

  private static void requireUtf8(String field, byte[] replacements) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
      text.rewind();
    } catch (CharacterCodingException e) {
      throw fault(field);
    }
  }

  /** Visits every word that some text reaches. */
  private static void walk(String field, int[] trie, byte[] replacements) {
    BitSet seen = new BitSet(trie.length);
    ArrayDeque<Integer> bases = new ArrayDeque<>();
    enter(field, trie, 0, seen, bases);
    while (!bases.isEmpty()) {
      int base = bases.remove();
      for (int c = 1; c < 256; c++) {
        int at = base ^ c;
        requireInside(field, at, trie.length);
        int word = trie[at];
        if ((word & 0x800000ff) == c && !seen.get(at)) {
          int next = enter(field, trie, at, seen, bases);
          if ((word >>> 8 & 1) == 1) {
            requireInside(field, next, trie.length);
            requireReplacement(field, trie[next] & 0x7fffffff, replacements);
          }
        }
      }
    }
  }

  private static int enter(
      String field, int[] trie, int at, BitSet seen, ArrayDeque<Integer> bases) {
    requireInside(field, at, trie.length);
    seen.set(at);
    int word = trie[at];
    int base = at ^ (word >>> 10 << ((word & 1 << 9) >>> 6));
    bases.add(base);
    return base;
  }

  private static void requireInside(String field, int at, int length) {
    if (at < 0 || at >= length) {
      throw fault(field);
    }
  }

  private static void requireReplacement(String field, int at, byte[] replacements) {
    if (at > replacements.length || at < replacements.length && (replacements[at] & 0xC0) == 0x80) {
      throw fault(field);
    }
  }

  private static IllegalArgumentException fault(String field) {
    return ComponentShapes.fault(field, "precompiled_charsmap is damaged");
  }
}
