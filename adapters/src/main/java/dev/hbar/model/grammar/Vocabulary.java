package dev.hbar.model.grammar;

import dev.hbar.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The tokens of a tokenizer as bytes, in the order of their bytes: tokens that begin alike stand
 * together, so that what they share is looked at once. Any thread.
 */
public final class Vocabulary {
  private final int[] ids;
  private final byte[][] texts;
  // Bytes that a token has in common with the one before it.
  private final int[] shared;

  private Vocabulary(int[] ids, byte[][] texts, int[] shared) {
    this.ids = ids;
    this.texts = texts;
    this.shared = shared;
  }

  /** The tokens that stand for text; special ones do not. */
  public static Vocabulary of(Tokenizer tokenizer) {
    record Entry(int id, byte[] text) {}
    List<Entry> entries = new ArrayList<>();
    int size = tokenizer.vocabularySize();
    for (int id = 0; id < size; id++) {
      if (!tokenizer.isSpecial(id) && tokenizer.piece(id).isPresent()) {
        byte[] text = tokenizer.bytes(id);
        if (text.length > 0) {
          entries.add(new Entry(id, text));
        }
      }
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.text(), b.text()));
    int[] ids = entries.stream().mapToInt(Entry::id).toArray();
    byte[][] texts = entries.stream().map(Entry::text).toArray(byte[][]::new);
    int[] shared = new int[texts.length];
    for (int i = 1; i < texts.length; i++) {
      int differs = Arrays.mismatch(texts[i - 1], texts[i]);
      shared[i] = differs < 0 ? texts[i].length : differs;
    }
    return new Vocabulary(ids, texts, shared);
  }

  /** The ids of the tokens all of whose bytes may follow. */
  BitSet allowed(Automaton.State from) {
    BitSet allowed = new BitSet();
    List<Automaton.State> path = new ArrayList<>(List.of(from));
    int i = 0;
    while (i < texts.length) {
      byte[] text = texts[i];
      int depth = Math.min(shared[i], path.size() - 1);
      path.subList(depth + 1, path.size()).clear();
      Automaton.State state = path.getLast();
      while (depth < text.length && !state.isDead()) {
        state = state.after(text[depth] & 0xFF);
        depth++;
        path.add(state);
      }
      if (!state.isDead()) {
        allowed.set(ids[i]);
        i++;
      } else {
        path.removeLast();
        i = behind(i, depth);
      }
    }
    return allowed;
  }

  /** The first token behind those that begin with the same {@code length} bytes. */
  private int behind(int token, int length) {
    int next = token + 1;
    while (next < texts.length && shared[next] >= length) {
      next++;
    }
    return next;
  }
}
