package dev.hbar.monitor.generation;

import dev.hbar.monitor.signal.TokenSignals;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A finished generation.
 *
 * @param tokens that belong to the text, an end-of-sequence token included
 * @param dropped the token that was too risky, with the text it would have added; present if halted
 * @param text all of it; stop strings are not in it; it may end with characters that no token
 *     completed, as U+FFFD
 * @param stopString the stop string that ended it, if one did
 */
public record GenerationResult(
    StopReason stop,
    List<GeneratedToken> tokens,
    Optional<GeneratedToken> dropped,
    String text,
    Optional<String> stopString) {

  /** A text that no stop string ended. */
  public GenerationResult(
      StopReason stop, List<GeneratedToken> tokens, Optional<GeneratedToken> dropped, String text) {
    this(stop, tokens, dropped, text, Optional.empty());
  }

  /** Copies the list. */
  public GenerationResult {
    tokens = List.copyOf(tokens);
  }

  /** Every token that was measured, the dropped one last. */
  public List<GeneratedToken> trajectory() {
    List<GeneratedToken> all = new ArrayList<>(tokens);
    dropped.ifPresent(all::add);
    return List.copyOf(all);
  }

  /** Index of the last measured token, which is the dropped one if halted. */
  public int step() {
    return trajectory().size() - 1;
  }

  /** The signals of {@link #trajectory()}. */
  public List<TokenSignals> signals() {
    return trajectory().stream().map(GeneratedToken::signals).toList();
  }

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
}
