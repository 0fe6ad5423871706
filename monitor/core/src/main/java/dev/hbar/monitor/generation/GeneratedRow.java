package dev.hbar.monitor.generation;

import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.tokenizer.StreamingDecoder;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of the steps of one sequence: its tokens, and its end by an end-of-sequence token, a
 * stop string, a risky token, the limit or the time.
 *
 * <p>With a detector, the token's own state is asked, which the step after it computes: a token
 * comes one step later then.
 */
final class GeneratedRow {
  private final ModelConfig config;
  private final Tokenizer tokenizer;
  private final GenerationSettings settings;
  private final GeneratedText text;
  private final int limit;
  private final long started = System.nanoTime();
  private Optional<Pending> pending = Optional.empty();
  private Optional<GenerationResult> result = Optional.empty();

  /** A token that waits for its detector's opinion. */
  private record Pending(TokenSignals signals, List<Alternative> alternatives) {}

  /**
   * A sequence without tokens.
   *
   * @param context most tokens of prompt and text
   * @throws GenerationException.BadPrompt if the prompt is empty or does not fit into the context
   */
  GeneratedRow(GenerationModel model, int promptTokens, GenerationSettings settings, int context) {
    this.config = model.config();
    this.tokenizer = model.tokenizer();
    this.settings = settings;
    this.text = new GeneratedText(tokenizer, settings);
    this.limit = settings.newTokens(promptTokens, context);
  }

  /** The finished text, once it has ended. */
  Optional<GenerationResult> result() {
    return result;
  }

  /** Tokens so far. */
  int size() {
    return text.size();
  }

  /** Ends the text where it stands. */
  void end(StopReason stop) {
    result = Optional.of(text.ended(stop));
  }

  /** Whether no further step may begin. */
  boolean isLate() {
    Duration age = Duration.ofNanos(System.nanoTime() - started);
    return settings.timeout().filter(most -> age.compareTo(most) >= 0).isPresent();
  }

  /**
   * Takes a step of this sequence.
   *
   * @param measured what {@code probe} measured
   * @return the tokens that are certain now: none, one, or two where a detector was waited for
   * @throws dev.hbar.monitor.signal.TokenSignals.NonFiniteException if a signal is not a number
   */
  List<GeneratedToken> take(int token, float[] measured, GenerationProbe probe) {
    List<GeneratedToken> certain = new ArrayList<>();
    pending.ifPresent(waiting -> append(judged(waiting, probe.logOdds(measured)), certain));
    pending = Optional.empty();
    if (result.isPresent()) {
      return certain;
    }
    Pending next =
        new Pending(
            probe.signals(token, measured, settings).requireFinite(text.size(), checkpoint()),
            probe.alternatives(measured, settings, tokenizer));
    if (settings.detector().isPresent() && !isEnd(token)) {
      pending = Optional.of(next);
    } else {
      append(next, certain);
    }
    return certain;
  }

  private Path checkpoint() {
    return config.file().getParent();
  }

  private boolean isEnd(int token) {
    return config.eosTokenIds().contains(token);
  }

  private Pending judged(Pending token, double logOdds) {
    TokenSignals signals = token.signals().with(Map.of(Signal.DETECTOR, logOdds));
    return new Pending(signals.requireFinite(text.size(), checkpoint()), token.alternatives());
  }

  private void append(Pending next, List<GeneratedToken> certain) {
    TokenSignals signals = next.signals();
    double risk = settings.halt().risk(signals);
    if (settings.halt().halts(text.size(), risk)) {
      result = Optional.of(text.halted(signals, risk, next.alternatives()));
      return;
    }
    boolean eos = isEnd(signals.token());
    certain.add(text.append(signals, risk, next.alternatives(), !eos));
    if (eos) {
      end(StopReason.EOS);
    } else if (text.isStopped()) {
      end(StopReason.STOP);
    } else if (text.size() == limit) {
      end(StopReason.LENGTH);
    }
  }

  /** The text of one generation while it grows. */
  static final class GeneratedText {
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
}
