package dev.hbar.model.decode;

import java.util.BitSet;

/** Which tokens a text may consist of, decided token by token. Any thread. */
public interface TokenConstraint {
  /** The beginning of one text. */
  Cursor begin();

  /** One text as it grows. One thread at a time. */
  interface Cursor {
    /** The ids of the tokens that may come next; at least one. */
    BitSet allowed();

    /** Takes the token that was chosen. */
    void accept(int token);
  }
}
