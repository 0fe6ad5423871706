package dev.hbar.monitor.generation;

import dev.hbar.model.tokenizer.StreamingDecoder;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.ArrayList;
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
  GeneratedToken append(TokenSignals signals, List<Alternative> alternatives, boolean visible) {
    String added = visible ? stops.add(decoder.add(signals.token())) : "";
    GeneratedToken token = token(signals, added, alternatives);
    text.append(added);
    tokens.add(token);
    return token;
  }

  GenerationResult ended(StopReason stop) {
    return new GenerationResult(stop, tokens, Optional.empty(), whole());
  }

  /** Ends before this token, which is kept for the trajectory only. */
  GenerationResult halted(TokenSignals signals, List<Alternative> alternatives) {
    String unsaid = tokenizer.decode(new int[] {signals.token()});
    GeneratedToken dropped = token(signals, unsaid, alternatives);
    return new GenerationResult(StopReason.HALTED, tokens, Optional.of(dropped), whole());
  }

  private GeneratedToken token(TokenSignals signals, String added, List<Alternative> alternatives) {
    return new GeneratedToken(signals, added, policy.calibratedRisk(signals), alternatives);
  }

  private String whole() {
    if (!stops.isFound()) {
      text.append(stops.add(decoder.finish()));
    }
    return text.append(stops.finish()).toString();
  }
}
