package dev.hbar.monitor.generation;

import dev.hbar.model.tokenizer.StreamingDecoder;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The text of one generation while it grows. */
final class GeneratedText {
  private final Tokenizer tokenizer;
  private final HaltPolicy policy;
  private final StopStrings stops;
  private final StreamingDecoder decoder;
  private final List<GeneratedToken> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  GeneratedText(Tokenizer tokenizer, GenerationSettings settings) {
    this.tokenizer = tokenizer;
    this.policy = settings.halt();
    this.stops = new StopStrings(settings.stop());
    this.decoder = tokenizer.streamingDecoder();
  }

  int size() {
    return tokens.size();
  }

  /** Whether a stop string has appeared. */
  boolean isStopped() {
    return stops.isFound();
  }

  /**
   * Appends a token.
   *
   * @param visible false for a token that belongs to the format, not to the text
   */
  GeneratedToken append(
      TokenSignals signals, double risk, List<Alternative> alternatives, boolean visible) {
    String added = visible ? stops.add(decoder.add(signals.token())) : "";
    GeneratedToken token = token(signals, risk, added, alternatives);
    text.append(added);
    tokens.add(token);
    return token;
  }

  GenerationResult ended(StopReason stop) {
    return new GenerationResult(stop, tokens, Optional.empty(), whole(), stops.match());
  }

  /** Ends before this token, which is kept for the trajectory only. */
  GenerationResult halted(TokenSignals signals, double risk, List<Alternative> alternatives) {
    String unsaid = tokenizer.decode(new int[] {signals.token()});
    GeneratedToken dropped = token(signals, risk, unsaid, alternatives);
    return new GenerationResult(
        StopReason.HALTED, tokens, Optional.of(dropped), whole(), Optional.empty());
  }

  private GeneratedToken token(
      TokenSignals signals, double risk, String added, List<Alternative> alternatives) {
    return new GeneratedToken(signals, added, policy.shown(risk), alternatives);
  }

  private String whole() {
    if (!stops.isFound()) {
      text.append(stops.add(decoder.finish()));
    }
    return text.append(stops.finish()).toString();
  }

  /**
   * Text that ends before the first of some strings. What may yet turn out to be the beginning of
   * one is held back.
   */
  static final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private Optional<String> match = Optional.empty();

    StopStrings(List<String> stops) {
      this.stops = stops;
    }

    /** Whether one of them has appeared; nothing is released any more then. */
    boolean isFound() {
      return match.isPresent();
    }

    /** The one that has appeared, the first in the text if several have. */
    Optional<String> match() {
      return match;
    }

    /** Takes the next piece of text and gives what is certain not to belong to a stop string. */
    String add(String piece) {
      held.append(piece);
      match =
          stops.stream()
              .filter(stop -> held.indexOf(stop) >= 0)
              .min(Comparator.comparingInt(held::indexOf));
      return release(match.map(held::indexOf).orElseGet(() -> held.length() - heldBack()));
    }

    /** The rest, at the end of the text; empty after a stop string. */
    String finish() {
      return isFound() ? "" : release(held.length());
    }

    private String release(int length) {
      String certain = held.substring(0, length);
      held.delete(0, length);
      return certain;
    }

    /** Length of the longest end of the text that a stop string begins with. */
    private int heldBack() {
      int longest = 0;
      for (String stop : stops) {
        for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
          if (stop.startsWith(held.substring(held.length() - n))) {
            longest = n;
          }
        }
      }
      return longest;
    }
  }
}
