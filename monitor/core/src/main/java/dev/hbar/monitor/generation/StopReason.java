package dev.hbar.monitor.generation;

import java.util.Locale;

/** Why a generation ended. */
public enum StopReason {
  /** An end-of-sequence token, which is the last of the tokens. */
  EOS,
  /** As many tokens as were asked for. */
  LENGTH,
  /** A token was too risky; it is not part of the text. */
  HALTED,
  /** One of the stop strings, which is not part of the text. */
  STOP,
  /** The time that was given had passed. */
  TIMEOUT,
  /** The listener or the caller asked for it. */
  CANCELLED;

  /** The name in JSON. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
