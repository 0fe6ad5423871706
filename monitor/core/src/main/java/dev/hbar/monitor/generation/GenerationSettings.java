package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.RuptureIndex;
import java.util.OptionalInt;

/**
 * How text is generated and watched.
 *
 * @param maxTokens most new tokens; empty for {@value #DEFAULT_MAX_TOKENS}, or as many as still fit
 *     into the context
 * @param sampling how tokens are chosen
 * @param alpha weight of the hidden drift in PRI
 * @param halt when to stop on risk
 */
public record GenerationSettings(
    OptionalInt maxTokens, Sampling sampling, double alpha, HaltPolicy halt) {
  /** New tokens unless a number is given. */
  public static final int DEFAULT_MAX_TOKENS = 512;

  /** Greedy, shows risk and never halts. */
  public static final GenerationSettings DEFAULT =
      new GenerationSettings(
          OptionalInt.empty(), Sampling.GREEDY, RuptureIndex.ALPHA, HaltPolicy.FLAGGING);

  /** Refuses a number of tokens below 1 and an alpha that is not a number from 0. */
  public GenerationSettings {
    if (maxTokens.isPresent() && maxTokens.getAsInt() < 1) {
      throw new IllegalArgumentException("maxTokens must be at least 1: " + maxTokens.getAsInt());
    }
    if (!(Double.isFinite(alpha) && alpha >= 0)) {
      throw new IllegalArgumentException("alpha must be a number from 0: " + alpha);
    }
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
          "the prompt has %d tokens, which leaves no room in the model's context of %d; shorten it"
              .formatted(promptTokens, context));
    }
    if (maxTokens.isPresent() && maxTokens.getAsInt() > room) {
      throw new PromptException(
          "%d prompt tokens and %d new ones exceed the model's context of %d; ask for at most %d new tokens or shorten the prompt"
              .formatted(promptTokens, maxTokens.getAsInt(), context, room));
    }
    return maxTokens.orElse(Math.min(DEFAULT_MAX_TOKENS, room));
  }
}
