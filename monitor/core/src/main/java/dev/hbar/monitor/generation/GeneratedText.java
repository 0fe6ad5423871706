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
  private final StreamingDecoder decoder;
  private final List<GeneratedToken> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  GeneratedText(Tokenizer tokenizer, HaltPolicy policy) {
    this.tokenizer = tokenizer;
    this.policy = policy;
    this.decoder = tokenizer.streamingDecoder();
  }

  int size() {
    return tokens.size();
  }

  /**
   * Appends a token.
   *
   * @param visible false for a token that belongs to the format, not to the text
   */
  GeneratedToken append(TokenSignals signals, boolean visible) {
    String added = visible ? decoder.add(signals.token()) : "";
    GeneratedToken token = new GeneratedToken(signals, added, policy.risk(signals));
    text.append(added);
    tokens.add(token);
    return token;
  }

  GenerationResult ended(StopReason stop) {
    return new GenerationResult(stop, tokens, Optional.empty(), whole());
  }

  /** Ends before this token, which is kept for the trajectory only. */
  GenerationResult halted(TokenSignals signals) {
    String unsaid = tokenizer.decode(new int[] {signals.token()});
    GeneratedToken dropped = new GeneratedToken(signals, unsaid, policy.risk(signals));
    return new GenerationResult(StopReason.HALTED, tokens, Optional.of(dropped), whole());
  }

  private String whole() {
    return text.append(decoder.finish()).toString();
  }
}
