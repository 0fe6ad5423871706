package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.RuptureIndex;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How text is generated and watched.
 *
 * @param maxTokens most new tokens; empty for {@value #DEFAULT_MAX_TOKENS}, or as many as still fit
 *     into the context
 * @param sampling how tokens are chosen
 * @param alpha weight of the hidden drift in PRI
 * @param halt when to stop on risk
 * @param stop strings that end the text, which is cut before them
 * @param alternatives likeliest tokens that are reported with every token; 0 for none
 * @param allSignals whether every cheap signal is measured, and not only hbar_s and PRI
 * @param timeout time after which no further step begins; empty for no limit
 */
public record GenerationSettings(
    OptionalInt maxTokens,
    Sampling sampling,
    double alpha,
    HaltPolicy halt,
    List<String> stop,
    int alternatives,
    boolean allSignals,
    Optional<Duration> timeout) {
  /** New tokens unless a number is given. */
  public static final int DEFAULT_MAX_TOKENS = 512;

  /** Most alternatives that may be asked for. */
  public static final int MOST_ALTERNATIVES = 100;

  /** Greedy, up to {@value #DEFAULT_MAX_TOKENS} tokens, hbar_s and PRI, never halts. */
  public static final GenerationSettings DEFAULT =
      new GenerationSettings(
          OptionalInt.empty(), Sampling.GREEDY, RuptureIndex.ALPHA, HaltPolicy.FLAGGING);

  /** Refuses numbers out of their range and empty stop strings; copies the list. */
  public GenerationSettings {
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new IllegalArgumentException("stop must not hold an empty string");
    }
    if (alternatives < 0 || alternatives > MOST_ALTERNATIVES) {
      throw new IllegalArgumentException(
          "alternatives must be 0 to " + MOST_ALTERNATIVES + ": " + alternatives);
    }
    if (timeout.filter(limit -> limit.isNegative() || limit.isZero()).isPresent()) {
      throw new IllegalArgumentException("timeout must be positive: " + timeout.get());
    }
    if (maxTokens.isPresent() && maxTokens.getAsInt() < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1: " + maxTokens.getAsInt());
    }
    if (!(Double.isFinite(alpha) && alpha >= 0)) {
      throw new IllegalArgumentException("alpha must be a number from 0: " + alpha);
    }
  }

  /** Without stop strings, alternatives, further signals and a time limit. */
  public GenerationSettings(
      OptionalInt maxTokens, Sampling sampling, double alpha, HaltPolicy halt) {
    this(maxTokens, sampling, alpha, halt, List.of(), 0, false, Optional.empty());
  }

  /** The detector that the risk is of, if it is. */
  Optional<Detector> detector() {
    return halt.rule() instanceof RiskRule.OnDetector on
        ? Optional.of(on.detector())
        : Optional.empty();
  }

  /** These, with at most so many new tokens. */
  public GenerationSettings withMaxTokens(int most) {
    return new GenerationSettings(
        OptionalInt.of(most), sampling, alpha, halt, stop, alternatives, allSignals, timeout);
  }

  /** These, with tokens chosen so. */
  public GenerationSettings withSampling(Sampling chosen) {
    return new GenerationSettings(
        maxTokens, chosen, alpha, halt, stop, alternatives, allSignals, timeout);
  }

  /** These, with risk computed and acted on so. */
  public GenerationSettings withHalt(HaltPolicy policy) {
    return new GenerationSettings(
        maxTokens, sampling, alpha, policy, stop, alternatives, allSignals, timeout);
  }

  /** These, ending before any of these strings. */
  public GenerationSettings withStop(String... strings) {
    return new GenerationSettings(
        maxTokens, sampling, alpha, halt, List.of(strings), alternatives, allSignals, timeout);
  }

  /** These, with so many of the likeliest tokens reported beside each. */
  public GenerationSettings withAlternatives(int count) {
    return new GenerationSettings(
        maxTokens, sampling, alpha, halt, stop, count, allSignals, timeout);
  }

  /** These, with every cheap signal measured. */
  public GenerationSettings withAllSignals() {
    return new GenerationSettings(
        maxTokens, sampling, alpha, halt, stop, alternatives, true, timeout);
  }

  /** These, with no further step after this time. */
  public GenerationSettings withTimeout(Duration limit) {
    return new GenerationSettings(
        maxTokens, sampling, alpha, halt, stop, alternatives, allSignals, Optional.of(limit));
  }

  /**
   * How many tokens may follow a prompt.
   *
   * @param promptTokens length of the prompt
   * @param context most tokens the model can hold
   * @throws PromptException if the prompt is empty, or it and what was asked for do not fit
   */
  public int newTokens(int promptTokens, int context) {
    if (promptTokens == 0) {
      throw new PromptException("the prompt has no tokens; give it some text");
    }
    int room = context - promptTokens;
    if (room < 1) {
      throw new PromptException(
          "the prompt has %s tokens, which leaves no room in the model's context of %s; shorten it"
              .formatted(promptTokens, context));
    }
    if (maxTokens.isPresent() && maxTokens.getAsInt() > room) {
      throw new PromptException(
          "%s prompt tokens and %s new ones exceed the model's context of %s; ask for at most %s new tokens or shorten the prompt"
              .formatted(promptTokens, maxTokens.getAsInt(), context, room));
    }
    return maxTokens.orElse(Math.min(DEFAULT_MAX_TOKENS, room));
  }
}
