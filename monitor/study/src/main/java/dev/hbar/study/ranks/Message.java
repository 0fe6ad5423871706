package dev.hbar.study.ranks;

import java.net.ProtocolException;
import java.util.Objects;

/**
 * A message.
 *
 * @param text its content
 * @param start number of the first sample it is about, or of a rank
 * @param count of samples
 */
record Message(Kind kind, String text, int start, int count) {
  Message {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(text);
  }

  /** One without samples. */
  static Message of(Kind kind, String text) {
    return new Message(kind, text, 0, 0);
  }

  /** This one, if it is what must come now. */
  Message require(Kind wanted) throws ProtocolException {
    if (kind != wanted) {
      throw new ProtocolException("said " + kind + " where " + wanted + " must come");
    }
    return this;
  }

  /** What a message is. */
  enum Kind {
    /** A number that was never used, and at first a rank. */
    NONCE,
    /** That the secret is known. */
    PROOF,
    /** The header of a run. */
    RUN,
    /** Samples to work on. */
    GROUP,
    /** A line of what was made of a group. */
    FOUND,
    /** Nothing is left to do. */
    END,
    /** Why the connection ends. */
    ERROR
  }
}
