package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
 * @param blockDrifts whether beside them the hidden drift of every block is
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
    boolean blockDrifts,
    Optional<Duration> timeout) {
  /** New tokens unless a number is given. */
  public static final int DEFAULT_MAX_TOKENS = 512;

  /** Most alternatives that may be asked for. */
  public static final int MOST_ALTERNATIVES = 100;

  /** Greedy, up to {@value #DEFAULT_MAX_TOKENS} tokens, hbar_s and PRI, never halts. */
  public static final GenerationSettings DEFAULT =
      new GenerationSettings(
          OptionalInt.empty(),
          Sampling.GREEDY,
          Signal.ALPHA,
          HaltPolicy.FLAGGING,
          List.of(),
          0,
          false,
          false,
          Optional.empty());

  /** Refuses numbers out of their range and empty stop strings; copies the list. */
  public GenerationSettings {
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(halt, "halt");
    stop = List.copyOf(stop);
    if (blockDrifts && !allSignals) {
      throw new IllegalArgumentException("blockDrifts needs allSignals");
    }
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

  /** The detector that the risk is of, if it is. */
  Optional<Detector> detector() {
    return halt.rule() instanceof RiskRule.OnDetector on
        ? Optional.of(on.detector())
        : Optional.empty();
  }

  /** Refuses a bias of a token that the vocabulary does not have. */
  void requireKnownBias(int vocabulary) {
    int last = sampling.logitBias().keySet().stream().mapToInt(id -> id).max().orElse(0);
    if (last >= vocabulary) {
      throw new GenerationException.BadPrompt(
          "logit bias for token %s, but the model's ids end at %s; leave it out"
              .formatted(last, vocabulary - 1));
    }
  }

  /** A builder that begins with {@link #DEFAULT}. */
  public static Builder builder() {
    return DEFAULT.toBuilder();
  }

  /** A builder that begins with these. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * How many tokens may follow a prompt.
   *
   * @param promptTokens length of the prompt
   * @param context most tokens the model can hold
   * @throws GenerationException.BadPrompt if the prompt is empty, or it and what was asked for do
   *     not fit
   */
  public int newTokens(int promptTokens, int context) {
    if (promptTokens == 0) {
      throw new GenerationException.BadPrompt("the prompt has no tokens; give it some text");
    }
    int room = context - promptTokens;
    if (room < 1) {
      throw new GenerationException.BadPrompt(
          "the prompt has %s tokens, which leaves no room in the model's context of %s; shorten it"
              .formatted(promptTokens, context));
    }
    if (maxTokens.isPresent() && maxTokens.getAsInt() > room) {
      throw new GenerationException.BadPrompt(
          "%s prompt tokens and %s new ones exceed the model's context of %s; ask for at most %s new tokens or shorten the prompt"
              .formatted(promptTokens, maxTokens.getAsInt(), context, room));
    }
    return maxTokens.orElse(Math.min(DEFAULT_MAX_TOKENS, room));
  }

  /** Settings that are named one by one; each stays as it was unless it is set. */
  public static final class Builder {
    private OptionalInt maxTokens;
    private Sampling sampling;
    private double alpha;
    private HaltPolicy halt;
    private List<String> stop;
    private int alternatives;
    private boolean allSignals;
    private boolean blockDrifts;
    private Optional<Duration> timeout;

    private Builder(GenerationSettings from) {
      maxTokens = from.maxTokens;
      sampling = from.sampling;
      alpha = from.alpha;
      halt = from.halt;
      stop = from.stop;
      alternatives = from.alternatives;
      allSignals = from.allSignals;
      blockDrifts = from.blockDrifts;
      timeout = from.timeout;
    }

    /** At most so many new tokens, at least 1. */
    public Builder maxTokens(int most) {
      maxTokens = OptionalInt.of(most);
      return this;
    }

    /** Tokens chosen so, instead of greedily. */
    public Builder sampling(Sampling chosen) {
      sampling = chosen;
      return this;
    }

    /** Weight of the hidden drift in PRI, from 0. */
    public Builder alpha(double weight) {
      alpha = weight;
      return this;
    }

    /** Risk computed and acted on so. */
    public Builder halt(HaltPolicy policy) {
      halt = policy;
      return this;
    }

    /** Ends before any of these strings, which take the place of earlier ones. */
    public Builder stop(String... strings) {
      stop = List.of(strings);
      return this;
    }

    /** So many of the likeliest tokens reported beside each, 0 to {@value #MOST_ALTERNATIVES}. */
    public Builder alternatives(int count) {
      alternatives = count;
      return this;
    }

    /** Every cheap signal measured. */
    public Builder allSignals() {
      allSignals = true;
      return this;
    }

    /** Every cheap signal measured, and the hidden drift of every block. */
    public Builder blockDrifts() {
      blockDrifts = true;
      return allSignals();
    }

    /** No further step after this time. */
    public Builder timeout(Duration limit) {
      timeout = Optional.of(limit);
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public GenerationSettings build() {
      return new GenerationSettings(
          maxTokens, sampling, alpha, halt, stop, alternatives, allSignals, blockDrifts, timeout);
    }
  }
}
